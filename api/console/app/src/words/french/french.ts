// La page en français.
import type { Words } from "../words";
import { page } from "./page";
import { map } from "./map";
import { times } from "./times";
import { place } from "./place";
import { because } from "./because";
import { event } from "./event";
import { grades } from "./grades";
import { search } from "./search";
import { sources } from "./sources";

export const french: Words = { page, map, times, place, because, event, grades, search, sources };
