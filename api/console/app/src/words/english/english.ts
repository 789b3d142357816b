// The page in English; every other language has the same members.
import { check } from "./check";
import { page } from "./page";
import { map } from "./map";
import { times } from "./times";
import { place } from "./place";

export const english = { check, page, map, times, place };
