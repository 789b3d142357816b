// La page en français.
import type { Words } from "../words";
import { check } from "./check";
import { page } from "./page";
import { map } from "./map";
import { times } from "./times";
import { place } from "./place";

export const french: Words = { check, page, map, times, place };
