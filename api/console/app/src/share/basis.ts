// What the map rests on, in a line: the moment, the knowledge, whose word, and the position.
import { whoseWord } from "../panels/whose_word";
import type { Shown } from "../state/address";
import { words } from "../words/words";

/** A moment, and what was known of it. */
export function sideInWords({ at, knowledge }: Pick<Shown, "at" | "knowledge">): string {
  const said = words.value.share;
  return knowledge.by === "now" ? said.at(at) : `${said.at(at)}, ${said[knowledge.by](knowledge.at)}`;
}

export function basisInWords(shown: Shown, position: number): string {
  const said = words.value.share;
  const { knowledge } = shown;
  const known = knowledge.by === "now" ? said.known : said[knowledge.by](knowledge.at);
  return [said.at(shown.at), known, said.position(position), said.according(whoseWord(shown.words))].join(
    "; ",
  );
}
