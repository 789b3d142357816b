// What the map shows of a place now, in words; nothing of a place that is not on the map.
import { inWords } from "../words/in_words";
import { words } from "../words/words";
import { actorName } from "./actors";
import { column, numbers } from "./situation";

export function lookInWords(slug: string): string {
  const number = numbers.value.get(slug);
  const shown = column.value;
  const look = number === undefined ? undefined : shown?.looks[shown.numbers[number]!];
  return look?.told ? inWords(look, actorName, words.value) : "";
}
