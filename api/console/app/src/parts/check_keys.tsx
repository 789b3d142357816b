// The keys that a check is made with: pasted by a person, and kept in this browser.
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { forgetAll, logKey, witnessKeys } from "../check/kept";
import { readKey } from "../check/notes";
import { words } from "../words/words";

export function CheckKeys({ toldKey }: { toldKey: string | null }) {
  const said = words.value.check;
  const [log, witnesses, wrong] = [useSignal(logKey.value), useSignal(witnessKeys.value), useSignal("")];
  const id = useId();
  const isForgotten = useSignal(false);
  const forget = () => {
    forgetAll();
    isForgotten.value = true;
  };
  const keep = async (event: Event) => {
    event.preventDefault();
    const isKey = log.value.trim() === "" || (await readKey(log.value))?.type === "log";
    wrong.value = isKey ? "" : said.badKey(log.value.trim());
    if (!isKey) return;
    logKey.value = log.value.trim();
    witnessKeys.value = witnesses.value.trim();
    isForgotten.value = false;
  };
  return (
    <details class="given-keys">
      <summary>{logKey.value ? said.keys.given : said.keys.none}</summary>
      <form onSubmit={(event) => void keep(event)}>
        <label for={`${id}-log`}>{said.keys.log}</label>
        <input
          id={`${id}-log`}
          value={log.value}
          spellcheck={false}
          autocomplete="off"
          placeholder="example.com/tenure+1a2b3c4d+AeF…"
          aria-describedby={`${id}-help`}
          aria-invalid={wrong.value !== ""}
          onInput={(event) => (log.value = event.currentTarget.value)}
        />
        <p id={`${id}-help`} class="quiet">{said.keys.help}</p>
        {wrong.value && <p role="alert">{wrong.value}</p>}
        {toldKey && <p class="quiet">{said.keys.told} <code>{toldKey}</code></p>}
        <label for={`${id}-witnesses`}>{said.keys.witnesses}</label>
        <textarea
          id={`${id}-witnesses`}
          rows={2}
          value={witnesses.value}
          spellcheck={false}
          onInput={(event) => (witnesses.value = event.currentTarget.value)}
        />
        <p class="buttons">
          <button type="submit">{said.keys.keep}</button>
          <button type="button" onClick={forget}>{said.keys.forget}</button>
        </p>
        <p role="status">{isForgotten.value && said.keys.forgotten}</p>
      </form>
    </details>
  );
}
