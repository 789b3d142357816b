// The page in English; every other language has the same members.
import { page } from "./page";
import { map } from "./map";
import { times } from "./times";
import { place } from "./place";
import { because } from "./because";
import { event } from "./event";
import { grades } from "./grades";
import { search } from "./search";
import { sources } from "./sources";

export const english = { page, map, times, place, because, event, grades, search, sources };
