// A field that names one thing or several: found as it is typed, by any name and in any script.
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../words/words";
import { type Hit, find, nameOf } from "./finding";
import type { Kind } from "./forms";

interface Named {
  id: string;
  kind: Kind;
  /** What a screen reader calls the field. */
  label: string;
  isInvalid: boolean;
  describedBy: string;
}

const PAUSE = 150;
const NONE = -1;

/** One thing. */
export function Finder({ value, set, ...named }: Named & { value: string; set: (slug: string) => void }) {
  useAwaitedFocus(named.id);
  if (value) {
    return (
      <span class="picked">
        <button
          type="button"
          id={named.id}
          aria-label={words.value.record.remove(nameOf(named.kind, value))}
          aria-invalid={named.isInvalid}
          aria-describedby={named.describedBy}
          onClick={() => {
            set("");
            focusLater(named.id);
          }}
        >
          {nameOf(named.kind, value)} <span aria-hidden="true">×</span>
        </button>
      </span>
    );
  }
  return (
    <Search
      {...named}
      choose={(slug) => {
        set(slug);
        focusLater(named.id);
      }}
    />
  );
}

/** Several things, in their order. */
export function Finders({ value, set, ...named }: Named & { value: string[]; set: (change: (slugs: string[]) => string[]) => void }) {
  const said = words.value.record;
  useAwaitedFocus(named.id);
  return (
    <span class="picked">
      {value.map((slug) => (
        <button
          key={slug}
          type="button"
          aria-label={said.remove(nameOf(named.kind, slug))}
          onClick={() => {
            set((before) => before.filter((each) => each !== slug));
            focusLater(named.id);
          }}
        >
          {nameOf(named.kind, slug)} <span aria-hidden="true">×</span>
        </button>
      ))}
      <Search {...named} choose={(slug) => set((before) => [...new Set([...before, slug])])} />
    </span>
  );
}

// What was chosen takes the place of the field in which it was found, and the other way round.
let awaited = "";
function focusLater(id: string): void {
  awaited = id;
}

function useAwaitedFocus(id: string): void {
  useLayoutEffect(() => {
    if (awaited !== id) return;
    awaited = "";
    document.getElementById(id)?.focus();
  });
}

/** The combobox itself, with the pattern of the ARIA practices: arrows, Enter, Escape. */
function Search({ id, kind, label, isInvalid, describedBy, choose }: Named & { choose: (slug: string) => void }) {
  const typed = useSignal("");
  const hits = useSignal<Hit[] | null>(null);
  const active = useSignal(0);
  const underway = useRef<AbortController | null>(null);
  const waiting = useRef<number | undefined>(undefined);
  const said = words.value.record;

  const close = () => {
    clearTimeout(waiting.current);
    underway.current?.abort();
    hits.value = null;
  };
  useEffect(() => close, []);
  const look = (text: string) => {
    typed.value = text;
    clearTimeout(waiting.current);
    underway.current?.abort();
    const mine = (underway.current = new AbortController());
    waiting.current = window.setTimeout(() => {
      find(kind, text, mine.signal).then(
        (found) => {
          // Many reports have the same word in their titles: Enter takes none that nobody chose.
          if (!mine.signal.aborted) [hits.value, active.value] = [found, kind === "REPORT" ? NONE : 0];
        },
        () => {},
      );
    }, PAUSE);
  };
  const take = (hit: Hit | undefined) => {
    if (!hit) return;
    close();
    typed.value = "";
    choose(hit.slug);
  };
  const step = (by: number) => {
    const count = hits.value?.length ?? 0;
    if (count) active.value = active.value === NONE && by < 0 ? count - 1 : (active.value + by + count) % count;
    else look(typed.value);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && hits.value) take(hits.value[active.value]);
    else if (event.key === "Escape" && hits.value) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const list = `${id}-found`;
  return (
    <span class="finder">
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        placeholder={said.find[kind]}
        aria-label={label}
        aria-expanded={Boolean(hits.value)}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={hits.value?.[active.value] ? `${list}-${active.value}` : undefined}
        aria-invalid={isInvalid}
        aria-describedby={describedBy}
        value={typed.value}
        onInput={(event) => look(event.currentTarget.value)}
        onClick={() => hits.value ?? look(typed.value)}
        onBlur={close}
        onKeyDown={onKey}
      />
      {hits.value && (
        <ul id={list} role="listbox" aria-label={label}>
          {hits.value.map((hit, number) => (
            <li
              key={hit.slug}
              id={`${list}-${number}`}
              role="option"
              aria-selected={number === active.value}
              onMouseDown={(event) => event.preventDefault()} // or the field would lose the focus
              onClick={() => take(hit)}
            >
              <span dir="auto">{hit.name}</span> <small>{hit.about}</small>
            </li>
          ))}
          {hits.value.length === 0 && <li class="none">{said.nothingFound}</li>}
        </ul>
      )}
    </span>
  );
}
