// How the page is laid out.
import { SituationMap } from "./map/map";
import { PlaceList } from "./panels/place_list";
import { PlacePanel } from "./panels/place";
import { later } from "./parts/later";
import { Legend } from "./parts/legend";
import { Times } from "./parts/times";
import { close, panel } from "./state/shown";
import { isReading, problem, refresh, symbols } from "./state/situation";
import { LANGUAGES, language, words } from "./words/words";

const CheckPanel = later(() => import("./panels/check").then(({ CheckPanel }) => CheckPanel));

export function App() {
  const said = words.value;
  return (
    <>
      <header>
        <h1>Tenure</h1>
        <p>{said.page.title}</p>
        <select
          aria-label={said.page.language}
          value={language.value}
          onChange={(event) => (language.value = event.currentTarget.value)}
        >
          {Object.entries(LANGUAGES).map(([code, { name }]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </header>
      <main data-ready={symbols.value ? "" : undefined}>
        <SituationMap />
        <Legend />
        <aside aria-busy={isReading.value}>
          <Panel />
        </aside>
        {problem.value && (
          <div class="problem" role="alert">
            {problem.value.message}{" "}
            <button type="button" onClick={refresh}>
              {said.page.retry}
            </button>
          </div>
        )}
      </main>
      <Times />
    </>
  );
}

function Panel() {
  const shown = panel.value;
  if (shown.name === "none") return <PlaceList />;
  return (
    <>
      <button type="button" class="close" onClick={close}>
        {words.value.page.close}
      </button>
      {shown.name === "place" && <PlacePanel slug={shown.of} />}
      {shown.name === "check" && <CheckPanel event={shown.of} />}
    </>
  );
}
