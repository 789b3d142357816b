// The field that finds everything, a combobox: what is found drops down, arrows choose, Enter opens.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { SearchEverythingQuery } from "../../made/graphql";
import { ask } from "../../server/ask";
import { open, panel } from "../../state/shown";
import { sentLanguage, words } from "../../words/words";
import { type Group, type Hit, SEARCH, groupsOf, searched } from "./found";
import "./search.css";

const EACH = 4;
const PAUSE = 120; // milliseconds without a key before it is asked
const [LIST, FIELD] = ["search-found", "search-field"];

/** Puts the cursor into the field, for a new text. */
export function focusSearch(): void {
  const field = document.getElementById(FIELD);
  if (field instanceof HTMLInputElement) field.select();
}

export function SearchBox() {
  const field = useRef<HTMLInputElement>(null);
  const text = useSignal("");
  const isOpen = useSignal(false);
  const chosen = useSignal(0);
  const found = useFound(text.value);
  const said = words.value;
  useEffect(() => {
    if (panel.value.name === "search") text.value = panel.value.of;
  }, [panel.value]);

  const groups = found && text.value.trim() ? groupsOf(found.answer, found.text, said) : [];
  const hits = groups.flatMap((group) => group.hits);
  const all: Hit = {
    panel: { name: "search", of: text.value.trim() },
    name: said.search.all(text.value.trim()),
    about: "",
    isSent: false,
  };
  const options = [...hits, all];
  const isShown = isOpen.value && text.value.trim() !== "" && found !== null;
  const active = Math.min(chosen.value, options.length - 1);

  const choose = (hit: Hit) => {
    isOpen.value = false;
    text.value = ""; // the list of all that is found says it again
    field.current?.blur(); // the panel takes the focus
    open(hit.panel);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isShown) isOpen.value = true;
      else chosen.value = (active + step + options.length) % options.length;
    } else if (event.key === "Enter" && text.value.trim()) {
      event.preventDefault();
      // Before the answer is there, Enter shows all that is found when it comes.
      choose(isShown && found.text === text.value.trim() ? options[active]! : all);
    } else if (event.key === "Escape") {
      if (isOpen.value) isOpen.value = false;
      else text.value = "";
    }
  };
  return (
    <div class="search-box" role="search">
      <input
        ref={field}
        id={FIELD}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellcheck={false}
        role="combobox"
        aria-label={said.search.label}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={LIST}
        aria-activedescendant={isShown ? `${LIST}-${active}` : undefined}
        aria-keyshortcuts="/ Control+K"
        placeholder={said.search.placeholder}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          [chosen.value, isOpen.value] = [0, true];
        }}
        onFocus={() => (isOpen.value = text.value !== "")}
        onBlur={() => (isOpen.value = false)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">/</kbd>
      <div id={LIST} role="listbox" aria-label={said.search.found} hidden={!isShown}>
        {isShown && <Options groups={groups} all={all} active={active} choose={choose} />}
      </div>
      <p class="hidden" aria-live="polite">
        {isShown ? said.search.count(hits.length) : ""}
      </p>
    </div>
  );
}

function Options({ groups, all, active, choose }: {
  groups: readonly Group[];
  all: Hit;
  active: number;
  choose: (hit: Hit) => void;
}) {
  let number = 0;
  return (
    <>
      {groups.map((group) => (
        <div key={group.kind} role="group" aria-labelledby={`${LIST}-${group.kind}`}>
          <div class="group" id={`${LIST}-${group.kind}`}>
            {words.value.search.kinds[group.kind]}
          </div>
          {group.hits.map((hit) => (
            <Option key={hit.panel.of} hit={hit} number={number} isActive={number++ === active} choose={choose} />
          ))}
        </div>
      ))}
      <Option hit={all} number={number} isActive={number === active} choose={choose} />
    </>
  );
}

function Option({ hit, number, isActive, choose }: {
  hit: Hit;
  number: number;
  isActive: boolean;
  choose: (hit: Hit) => void;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    <div
      ref={element}
      id={`${LIST}-${number}`}
      role="option"
      aria-selected={isActive}
      onMouseDown={(event) => event.preventDefault()} // the field keeps the focus
      onClick={() => choose(hit)}
    >
      <span lang={hit.isSent ? sentLanguage.value : undefined}>{hit.name}</span>
      {hit.about && <span class="about">{hit.about}</span>}
    </div>
  );
}

interface Found {
  text: string;
  answer: SearchEverythingQuery;
}

/** What was found last; it stays until the next answer is there. */
function useFound(text: string): Found | null {
  const found = useSignal<Found | null>(null);
  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) return;
    const over = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await ask(SEARCH, searched(wanted, EACH), over.signal);
        found.value = { text: wanted, answer };
      } catch {
        // Nothing drops down; Enter opens the panel, which says what is wrong.
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [text]);
  return found.value;
}
