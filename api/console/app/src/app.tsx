// How the page is laid out.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { SituationMap } from "./map/map";
import { KeysPanel } from "./panels/keys";
import { PlacesHere } from "./panels/here";
import { PlaceList } from "./panels/place_list";
import { PlacePanel } from "./panels/place/place";
import { WhoseWordPanel } from "./panels/whose_word";
import { RecordedNote } from "./record/buttons";
import { Header } from "./parts/header";
import { listenForKeys } from "./parts/keys";
import { later } from "./parts/later";
import { Legend } from "./parts/legend";
import { NothingKnown } from "./parts/nothing_known";
import { PrintedBasis } from "./parts/printed";
import { Times } from "./parts/times";
import { goLive } from "./state/live";
import { close, panel, unread } from "./state/shown";
import { isReading, isThere, problem, refresh } from "./state/situation";
import { slowly } from "./state/slowly";
import { words } from "./words/words";

const isBusy = slowly(isReading);

const ActorPanel = later(() => import("./panels/actor").then((it) => it.ActorPanel));
const CheckPanel = later(() => import("./panels/check").then((it) => it.CheckPanel));
const ComparePanel = later(() => import("./panels/compare").then((it) => it.ComparePanel));
const EventPanel = later(() => import("./panels/event/event").then((it) => it.EventPanel));
const CorrectPanel = later(() => import("./record/panel").then((it) => it.CorrectPanel));
const RecordPanel = later(() => import("./record/panel").then((it) => it.RecordPanel));
const RetractPanel = later(() => import("./record/panel").then((it) => it.RetractPanel));
const ReinstatePanel = later(() => import("./record/panel").then((it) => it.ReinstatePanel));
const ReportPanel = later(() => import("./panels/report").then((it) => it.ReportPanel));
const SearchPanel = later(() => import("./panels/search/search").then((it) => it.SearchPanel));
const SharePanel = later(() => import("./panels/share").then((it) => it.SharePanel));
const SituationPanel = later(() => import("./panels/situation").then((it) => it.SituationPanel));
const SourcePanel = later(() => import("./panels/source").then((it) => it.SourcePanel));

export function App() {
  const said = words.value.page;
  useEffect(() => {
    const stops = [listenForKeys(), goLive()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <>
      <Header />
      <main data-ready={isThere.value ? "" : undefined}>
        <PrintedBasis />
        <SituationMap />
        <Legend />
        <Beside />
        <NothingKnown isOnMap />
        {unread.value.length > 0 && !problem.value && (
          <div class="problem" role="alert">
            {said.unread(unread.value.join(", "))}{" "}
            <button type="button" onClick={() => (unread.value = [])}>
              {said.close}
            </button>
          </div>
        )}
        {problem.value && (
          <div class="problem" role="alert">
            {problem.value.message}{" "}
            <button type="button" onClick={refresh}>
              {said.retry}
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
    <aside ref={element} tabIndex={-1} aria-label={words.value.page.beside} aria-busy={isBusy.value}>
      <RecordedNote />
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
      {shown.name === "here" && <PlacesHere of={shown.of} />}
      {shown.name === "place" && <PlacePanel slug={shown.of} />}
      {shown.name === "actor" && <ActorPanel slug={shown.of} />}
      {shown.name === "event" && <EventPanel id={shown.of} />}
      {shown.name === "source" && <SourcePanel slug={shown.of} />}
      {shown.name === "report" && <ReportPanel slug={shown.of} />}
      {shown.name === "check" && <CheckPanel event={shown.of} />}
      {shown.name === "search" && <SearchPanel text={shown.of} />}
      {shown.name === "situation" && <SituationPanel />}
      {shown.name === "compare" && <ComparePanel />}
      {shown.name === "words" && <WhoseWordPanel />}
      {shown.name === "share" && <SharePanel />}
      {shown.name === "keys" && <KeysPanel />}
      {shown.name === "record" && <RecordPanel />}
      {shown.name === "correct" && <CorrectPanel id={shown.of} />}
      {shown.name === "retract" && <RetractPanel id={shown.of} />}
      {shown.name === "reinstate" && <ReinstatePanel id={shown.of} />}
    </>
  );
}
