// The page in English; every other language has the same members.
import { page } from "./page";
import { event } from "./event";
import { record } from "./record";
import { map } from "./map";
import { times } from "./times";
import { place } from "./place";
import { actor } from "./actor";
import { compare } from "./compare";
import { situation } from "./situation";
import { share } from "./share";
import { keys } from "./keys";
import { whose } from "./whose";

export const english = { page, map, times, place, whose, keys, share, situation, compare, actor, event, record };
