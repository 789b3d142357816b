// La page en français.
import type { Words } from "../words";
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

export const french: Words = { page, map, times, place, whose, keys, share, situation, compare, actor, event, record };
