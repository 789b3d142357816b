// The page in English; every other language has the same members.
import { page } from "./page";
import { map } from "./map";
import { times } from "./times";
import { place } from "./place";

export const english = { page, map, times, place };
