// The head of the page: what opens each panel, whose word counts, the language.
import "./header.css";
import { useSignal } from "@preact/signals";
import { SearchBox } from "../panels/search/search_box";
import { whoseWord } from "../panels/whose_word";
import { needsToken, token } from "../server/ask";
import type { Panel } from "../state/address";
import { close, compare, open, panel, shown } from "../state/shown";
import { LANGUAGES, language, words } from "../words/words";
import { Status } from "./status";

const ENTRIES = ["situation", "compare", "record", "share", "keys"] as const;

export function Header() {
  const said = words.value.page;
  return (
    <header>
      <h1>
        <a href="/">Tenure</a>
      </h1>
      <nav aria-label={said.menu}>
        {ENTRIES.map((name) => (
          <Opener key={name} name={name} label={said[name]} />
        ))}
        <Opener name="words" label={`${words.value.whose.title}: ${whoseWord(shown.value.words)}`} />
      </nav>
      <SearchBox />
      <Status />
      <select
        aria-label={said.language}
        value={language.value}
        onChange={(event) => (language.value = event.currentTarget.value)}
      >
        {Object.entries(LANGUAGES).map(([code, { name }]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      {needsToken.value && <TokenForm />}
    </header>
  );
}

type Alone = Exclude<Panel, { of: string }>["name"];

function Opener({ name, label }: { name: Alone; label: string }) {
  const isOpen = panel.value.name === name;
  return (
    <button type="button" aria-pressed={isOpen} onClick={() => (isOpen ? close() : name === "compare" ? compare() : open({ name }))}>
      {label}
    </button>
  );
}

function TokenForm() {
  const said = words.value.page;
  const typed = useSignal("");
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault();
        token.value = typed.value.trim();
      }}
    >
      <label>
        {said.tokenWanted} {said.token}{" "}
        <input
          type="password"
          autocomplete="off"
          required
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      </label>
      <button>{said.useToken}</button>
    </form>
  );
}
