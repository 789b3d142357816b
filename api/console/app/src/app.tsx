// How the page is laid out.
import { useEffect } from "preact/hooks";
import { SituationMap } from "./map/map";
import { ActorPanel } from "./panels/actor";
import { ComparePanel } from "./panels/compare";
import { KeysPanel } from "./panels/keys";
import { PlacePanel } from "./panels/place";
import { PlaceList } from "./panels/place_list";
import { SharePanel } from "./panels/share";
import { SituationPanel } from "./panels/situation";
import { WhoseWordPanel } from "./panels/whose_word";
import { later } from "./parts/later";
import { RecordedNote } from "./record/buttons";
import { Header } from "./parts/header";
import { listenForKeys } from "./parts/keys";
import { Legend } from "./parts/legend";
import { Times } from "./parts/times";
import { goLive } from "./state/live";
import { close, panel } from "./state/shown";
import { isReading, problem, refresh, symbols } from "./state/situation";
import { words } from "./words/words";

const RecordPanel = later(() => import("./record/panel").then((it) => it.RecordPanel));
const CorrectPanel = later(() => import("./record/panel").then((it) => it.CorrectPanel));
const RetractPanel = later(() => import("./record/panel").then((it) => it.RetractPanel));

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
      <main data-ready={symbols.value ? "" : undefined}>
        <SituationMap />
        <Legend />
        <aside aria-busy={isReading.value} aria-label={said.menu}>
          <RecordedNote />
          <Panel />
        </aside>
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

function Panel() {
  const shown = panel.value;
  if (shown.name === "none") return <PlaceList />;
  return (
    <>
      <button type="button" class="close" onClick={close}>
        {words.value.page.close}
      </button>
      {shown.name === "place" && <PlacePanel slug={shown.of} />}
      {shown.name === "actor" && <ActorPanel slug={shown.of} />}
      {shown.name === "situation" && <SituationPanel />}
      {shown.name === "compare" && <ComparePanel />}
      {shown.name === "words" && <WhoseWordPanel />}
      {shown.name === "share" && <SharePanel />}
      {shown.name === "keys" && <KeysPanel />}
      {shown.name === "record" && <RecordPanel />}
      {shown.name === "correct" && <CorrectPanel id={shown.of} />}
      {shown.name === "retract" && <RetractPanel id={shown.of} />}
    </>
  );
}
