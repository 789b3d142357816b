// From an event to its correction, retraction or reinstatement, and what was recorded last.
import "./noted.css";
import { open, panel } from "../state/shown";
import { words } from "../words/words";
import { recorded } from "./last";

/** Beside an event that stands. */
export function RecordButtons({ event }: { event: string }) {
  const said = words.value.record;
  return (
    <>
      <button type="button" onClick={() => open({ name: "correct", of: event })}>
        {said.correctThis}
      </button>
      <RetractButton event={event} />
    </>
  );
}

/** Beside an amendment, which is taken back and not corrected. */
export function RetractButton({ event }: { event: string }) {
  return (
    <button type="button" onClick={() => open({ name: "retract", of: event })}>
      {words.value.record.retractThis}
    </button>
  );
}

/** Beside an event that was taken back. */
export function ReinstateButton({ event }: { event: string }) {
  return (
    <button type="button" onClick={() => open({ name: "reinstate", of: event })}>
      {words.value.record.reinstateThis}
    </button>
  );
}

/** Beside a place. */
export function RecordHere({ place }: { place: string }) {
  const begin = async () => {
    const { beginAt } = await import("./draft"); // with all forms, which few need
    beginAt(place);
    open({ name: "record" });
  };
  return (
    <p class="deeds">
      <button type="button" onClick={() => void begin()}>
        {words.value.record.recordHere}
      </button>
    </p>
  );
}

/** Above the event that was just recorded. */
export function RecordedNote() {
  const said = words.value.record;
  const last = recorded.value;
  const shown = panel.value;
  const isShown = last && shown.name === "event" && shown.of === last.event;
  return (
    <p role="status" class="noted">
      {isShown && (last.duplicate ? said.recordedBefore(last.position) : said.recorded(last.position))}
    </p>
  );
}
