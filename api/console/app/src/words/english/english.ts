// The page in English; every other language has the same members.
import { actor } from "./actor";
import { because } from "./because";
import { check } from "./check";
import { compare } from "./compare";
import { event } from "./event";
import { finder } from "./finder";
import { grades } from "./grades";
import { keys } from "./keys";
import { map } from "./map";
import { page } from "./page";
import { place } from "./place";
import { record } from "./record";
import { search } from "./search";
import { share } from "./share";
import { situation } from "./situation";
import { sources } from "./sources";
import { times } from "./times";
import { whose } from "./whose";

export const english = {
  actor,
  because,
  check,
  compare,
  event,
  finder,
  grades,
  keys,
  map,
  page,
  place,
  record,
  search,
  share,
  situation,
  sources,
  times,
  whose,
};
