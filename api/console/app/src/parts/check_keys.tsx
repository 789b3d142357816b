// The keys that a check is made with: pasted by a person, and kept in this browser.
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { forgetAll, logKey, witnessKeys } from "../check/kept";
import { type KeyType, readKey } from "../check/notes";
import { words } from "../words/words";

export function CheckKeys({ toldKey, typedWrong, kept }: {
  toldKey: string | null;
  /** Called where what was typed is no key, and was not kept. */
  typedWrong: () => void;
  kept: () => void;
}) {
  const said = words.value.check;
  const [log, witnesses] = [useSignal(logKey.value), useSignal(witnessKeys.value)];
  const [isLogWrong, wrongWitness] = [useSignal(false), useSignal("")];
  const element = useRef<HTMLDetailsElement>(null);
  const id = useId();
  const keep = async (event: Event) => {
    event.preventDefault();
    isLogWrong.value = log.value.trim() !== "" && !(await isKey(log.value, "log"));
    wrongWitness.value = await firstWrong(witnesses.value);
    if (isLogWrong.value || wrongWitness.value) {
      typedWrong();
      document.getElementById(`${id}-${isLogWrong.value ? "log" : "witnesses"}`)?.focus();
      return;
    }
    logKey.value = log.value.trim();
    witnessKeys.value = witnesses.value.trim();
    element.current!.open = false;
    kept();
  };
  return (
    <details class="given-keys" ref={element}>
      <summary>{logKey.value ? said.keys.given : said.keys.none}</summary>
      <form onSubmit={(event) => void keep(event)}>
        <label for={`${id}-log`}>{said.keys.log}</label>
        <input
          id={`${id}-log`}
          value={log.value}
          spellcheck={false}
          autocomplete="off"
          placeholder="example.com/tenure+1a2b3c4d+AeF…"
          aria-describedby={isLogWrong.value ? `${id}-wrong ${id}-help` : `${id}-help`}
          aria-invalid={isLogWrong.value}
          onInput={(event) => (log.value = event.currentTarget.value)}
        />
        {isLogWrong.value && (
          <p id={`${id}-wrong`} role="alert">{said.keys.wrong} {said.means.badKey}</p>
        )}
        <p id={`${id}-help`} class="quiet">{said.keys.help}</p>
        {toldKey && <p class="quiet">{said.keys.told} <code>{toldKey}</code></p>}
        <label for={`${id}-witnesses`}>{said.keys.witnesses}</label>
        <textarea
          id={`${id}-witnesses`}
          rows={2}
          value={witnesses.value}
          spellcheck={false}
          aria-describedby={wrongWitness.value ? `${id}-wrong-witness` : undefined}
          aria-invalid={wrongWitness.value !== ""}
          onInput={(event) => (witnesses.value = event.currentTarget.value)}
        />
        {wrongWitness.value && (
          <p id={`${id}-wrong-witness`} role="alert">
            {said.badWitnessKey(wrongWitness.value)}. {said.means.badKey}
          </p>
        )}
        <p class="buttons">
          <button type="submit">{said.keys.keep}</button>
        </p>
      </form>
      <Forget />
    </details>
  );
}

/** Forgets the checkpoints that were seen, once a person has said so twice. */
function Forget() {
  const said = words.value.check.keys;
  const stage = useSignal<"" | "asking" | "forgotten">("");
  if (stage.value === "asking") {
    return (
      <div class="forget" role="group" aria-label={said.forget}>
        <p>{said.forgetAsked}</p>
        <p class="buttons">
          <button type="button" ref={focused} onClick={() => (stage.value = "")}>{said.forgetNot}</button>
          <button
            type="button"
            onClick={() => {
              forgetAll();
              stage.value = "forgotten";
            }}
          >
            {said.forgetSure}
          </button>
        </p>
      </div>
    );
  }
  return (
    <div class="forget">
      <button type="button" onClick={() => (stage.value = "asking")}>{said.forget}</button>
      <p role="status">{stage.value === "forgotten" && said.forgotten}</p>
    </div>
  );
}

const focused = (button: HTMLButtonElement | null): void => button?.focus();

async function isKey(line: string, type: KeyType): Promise<boolean> {
  return (await readKey(line))?.type === type;
}

/** The first line that is no key of a witness; behind a key there may be the witness's address. */
async function firstWrong(lines: string): Promise<string> {
  for (const line of lines.split("\n").filter((each) => each.trim())) {
    if (!(await isKey(line.trim().split(/\s/)[0]!, "witness"))) return line.trim();
  }
  return "";
}
