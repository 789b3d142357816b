// The keys of the page, and the switch that turns them off.
import { KEYS, areKeysOn } from "../parts/keys";
import { words } from "../words/words";

export function KeysPanel() {
  const said = words.value.keys;
  return (
    <article>
      <h2>{said.title}</h2>
      <dl class="keys">
        {Object.entries(KEYS).map(([key, { does }]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{said.does[does]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{said.escape}</dd>
        </div>
      </dl>
      <label>
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={(event) => (areKeysOn.value = event.currentTarget.checked)}
        />{" "}
        {said.on}
      </label>
    </article>
  );
}
