// The list beside the map: every place of the map and what the map shows of it, in words.
import { computed, useSignal } from "@preact/signals";
import type { Column, Places } from "../server/columns";
import { NothingKnown } from "../parts/nothing_known";
import { PlaceWords } from "../parts/place_words";
import { actorName } from "../state/actors";
import { pointed } from "../state/pointed";
import { open } from "../state/shown";
import { column, places } from "../state/situation";
import { slowly } from "../state/slowly";
import { language, words } from "../words/words";
import "./place_list.css";

const MOST = 200;
const now = slowly(column);

/** The numbers of the places by name, as the language of the page orders names. */
const byName = computed(() => {
  const names = places.value?.name ?? [];
  const { compare } = new Intl.Collator(language.value);
  return [...names.keys()].sort((one, other) => compare(names[one]!, names[other]!));
});

export function PlaceList() {
  const wanted = useSignal("");
  const most = useSignal(MOST);
  const said = words.value;
  const [list, its] = [places.value, now.value];
  if (!list || !its || its.places !== list.version) return <p>{said.page.loading}</p>;
  const found = placesNamed(list, its, wanted.value);
  return (
    <div class="list">
      <input
        type="search"
        placeholder={said.map.filter}
        aria-label={said.map.filter}
        onInput={(event) => {
          wanted.value = event.currentTarget.value;
          most.value = MOST;
        }}
      />
      <p class="quiet" role="status">
        {said.map.places(found.length)}
      </p>
      <NothingKnown />
      <PlaceItems found={found.slice(0, most.value)} now={its} />
      {found.length > most.value && (
        <button type="button" class="more" onClick={() => (most.value += MOST)}>
          {said.map.more(found.length - most.value)}
        </button>
      )}
    </div>
  );
}

/** Places as a list of buttons; those with the keyboard or the mouse on them are ringed on the map. */
export function PlaceItems({ found, now }: { found: readonly number[]; now: Column }) {
  const list = places.value!;
  const point = (place: number) => () => (pointed.value = { places: [place], from: "list" });
  const leave = () => (pointed.value = null);
  return (
    <ul>
      {found.map((place) => (
        <li key={list.id[place]}>
          <button
            type="button"
            onClick={() => open({ name: "place", of: list.id[place]! })}
            onFocus={point(place)}
            onMouseEnter={point(place)}
            onBlur={leave}
            onMouseLeave={leave}
          >
            <PlaceWords place={place} now={now} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The numbers of the places on the map whose name, or the name of whose holder, has the text. */
function placesNamed(list: Places, now: Column, wanted: string): number[] {
  const text = wanted.trim().toLocaleLowerCase();
  const has = (name: string) => name.toLocaleLowerCase().includes(text);
  const isMeant = now.looks.map((look) => look.holders.some((each) => has(each) || has(actorName(each))));
  const found: number[] = [];
  for (const place of byName.value) {
    const number = now.numbers[place]!;
    const look = now.looks[number]!;
    if (!look.told) continue;
    const isFound = !text || isMeant[number] || has(list.name[place]!) || has(list.id[place]!);
    if (isFound) found.push(place);
  }
  return found;
}
