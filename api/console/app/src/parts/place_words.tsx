// A place of the map in one line: its name, and what the map shows of it.
import { type Column, NEVER } from "../server/columns";
import { actorName } from "../state/actors";
import { dayAt, dayNumber } from "../state/days";
import { places, shapes } from "../state/situation";
import { OLD, SHAPE } from "../map/symbols";
import { dayInWords } from "../words/dates";
import { inWords } from "../words/in_words";
import { words } from "../words/words";

/** `isDated`: with the day of the last word, always; otherwise only where that is long ago. */
export function PlaceWords(asked: { place: number; now: Column; isDated?: boolean }) {
  const { place, now, isDated } = asked;
  const list = places.value;
  const look = now.looks[now.numbers[place]!];
  if (!list || !look) return null;
  const said = words.value;
  const shape = shapes.value[place];
  const heard = now.lastHeard[place]!;
  const isOld = heard !== NEVER && dayNumber(now.at) - heard > OLD;
  return (
    <>
      <strong>{list.name[place]}</strong>
      {shape === SHAPE.area && <em> {said.map.anArea}</em>}
      {shape === SHAPE.near && <em> {said.map.near}</em>}{" "}
      <span>{inWords(look, actorName, said)}</span>
      {heard !== NEVER && (isDated || isOld) && (
        <span class="heard">{said.map.lastHeard(dayInWords(dayAt(heard)))}</span>
      )}
    </>
  );
}
