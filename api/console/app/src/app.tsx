// How the page is laid out.
import { useLayoutEffect, useRef } from "preact/hooks";
import { SituationMap } from "./map/map";
import { PlaceList } from "./panels/place_list";
import { PlacePanel } from "./panels/place/place";
import { SearchBox } from "./panels/search/search_box";
import { later } from "./parts/later";
import { Legend } from "./parts/legend";
import { Times } from "./parts/times";
import { close, panel } from "./state/shown";
import { isReading, problem, refresh, symbols } from "./state/situation";
import { LANGUAGES, language, words } from "./words/words";

const EventPanel = later(() => import("./panels/event/event").then((it) => it.EventPanel));
const SourcePanel = later(() => import("./panels/source").then((it) => it.SourcePanel));
const ReportPanel = later(() => import("./panels/report").then((it) => it.ReportPanel));
const SearchPanel = later(() => import("./panels/search/search").then((it) => it.SearchPanel));

export function App() {
  const said = words.value;
  return (
    <>
      <header>
        <h1>Tenure</h1>
        <p>{said.page.title}</p>
        <SearchBox />
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
        <Beside />
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

/** What stands beside the map. A new panel begins at its top, and has the focus if the old one had. */
function Beside() {
  const element = useRef<HTMLElement>(null);
  const shown = panel.value;
  const key = `${shown.name} ${"of" in shown ? shown.of : ""}`;
  const before = useRef(key);
  useLayoutEffect(() => {
    if (before.current === key) return;
    before.current = key;
    element.current!.scrollTop = 0;
    if (document.activeElement === document.body) element.current!.focus({ preventScroll: true });
  }, [key]);
  return (
    <aside ref={element} tabIndex={-1} aria-label={words.value.page.beside} aria-busy={isReading.value}>
      <Panel />
    </aside>
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
      {shown.name === "event" && <EventPanel id={shown.of} />}
      {shown.name === "source" && <SourcePanel slug={shown.of} />}
      {shown.name === "report" && <ReportPanel slug={shown.of} />}
      {shown.name === "search" && <SearchPanel text={shown.of} />}
    </>
  );
}
