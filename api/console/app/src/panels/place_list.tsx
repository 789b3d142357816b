// The list beside the map: every place of the map and what the map shows of it, in words.
import { useSignal } from "@preact/signals";
import { open } from "../state/shown";
import { column, nameOf, places } from "../state/situation";
import { inWords } from "../words/in_words";
import { words } from "../words/words";
import { actorName } from "../state/actors";

const MOST = 300;

export function PlaceList() {
  const wanted = useSignal("");
  const said = words.value;
  const [list, shown] = [places.value, column.value];
  if (!list || !shown) return <p>{said.page.loading}</p>;
  const text = wanted.value.trim().toLocaleLowerCase();
  const found: number[] = [];
  list.id.forEach((id, number) => {
    const look = shown.looks[shown.numbers[number]!]!;
    if (!look.told) return;
    const names = [id, list.name[number]!, ...look.holders.map(actorName)];
    if (names.some((name) => name.toLocaleLowerCase().includes(text))) found.push(number);
  });
  return (
    <div class="list">
      <input
        type="search"
        placeholder={said.map.filter}
        aria-label={said.map.filter}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
      <ul>
        {found.slice(0, MOST).map((number) => (
          <li key={list.id[number]}>
            <button type="button" onClick={() => open({ name: "place", of: list.id[number]! })}>
              <strong>{nameOf(list.id[number]!)}</strong>{" "}
              <span>{inWords(shown.looks[shown.numbers[number]!]!, actorName, said)}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > MOST && <p>{said.map.more(found.length - MOST)}</p>}
    </div>
  );
}
