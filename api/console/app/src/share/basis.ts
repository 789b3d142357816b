// What the map rests on, in a line: the moment, the knowledge, whose word, and the position.
import { computed } from "@preact/signals";
import { whoseWord } from "../panels/whose_word";
import type { Shown } from "../state/address";
import { otherPosition } from "../state/knowledge";
import { shown } from "../state/shown";
import { momentInWords } from "../words/dates";
import { words } from "../words/words";

type Side = Pick<Shown, "at" | "knowledge">;

/** A moment, and what was known of it. */
export function sideInWords({ at, knowledge }: Side): string {
  const said = words.value.share;
  return knowledge.by === "now" ? said.at(at) : `${said.at(at)}, ${said[knowledge.by](knowledge.at)}`;
}

/** The words of a side of a comparison: all, and what tells it from the other side. */
export interface Caption {
  all: string;
  short: string;
}

/** Of the left side and the right one. */
export const captions = computed<[Caption, Caption]>(() => {
  const { at, knowledge, other, position } = shown.value;
  const isKnownAlike = knowledge.by === "now" && other.knowledge.by === "now";
  const caption = (side: Side, pinned: number | null): Caption => {
    const [moment, known] = [momentInWords(side.at), knownInWords(side, pinned)];
    if (isKnownAlike) return { all: moment, short: moment };
    return { all: `${moment}, ${known}`, short: at === other.at ? known : moment };
  };
  return [caption(other, otherPosition(shown.value)), caption({ at, knowledge }, position)];
});

function knownInWords({ knowledge }: Side, pinned: number | null): string {
  const said = words.value.share;
  if (knowledge.by !== "now") return said[knowledge.by](momentInWords(knowledge.at));
  return pinned === null ? said.knownNow : said.position(pinned);
}

export function basisInWords(shown: Shown, position: number): string {
  const said = words.value.share;
  const { knowledge } = shown;
  const known = knowledge.by === "now" ? said.known : said[knowledge.by](knowledge.at);
  return [said.at(shown.at), known, said.position(position), said.according(whoseWord(shown.words))].join(
    "; ",
  );
}
