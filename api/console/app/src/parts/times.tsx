// Both times: the moment in the world, and what was known of it.
import "./times.css";
import type { Knowledge } from "../state/address";
import { earliestKnown, moveKnowledge, moveTo, setTogether, span, upToToday } from "../state/dates";
import { dayAt, dayNumber, today } from "../state/days";
import { movesTogether, show, shown } from "../state/shown";
import { words } from "../words/words";
import { Density } from "./density";
import { MomentField } from "./moment_field";
import { Player } from "./player";

export function Times() {
  const said = words.value.times;
  const { at, knowledge, position } = shown.value;
  const [first, last] = span.value;
  return (
    <section class="times" aria-label={said.both}>
      <div class="time">
        <h2>{said.moment}</h2>
        <MomentField id="at" label={said.moment} value={at} set={moveTo} />
        <Player />
        <div class="slider" dir="ltr">
          <Density />
          <DaySlider label={said.moment} first={first} last={last} moment={at} move={moveTo} />
        </div>
      </div>
      <div class="time">
        <h2>{said.knowledge}</h2>
        <Axis knowledge={knowledge} />
        {knowledge.by !== "now" && (position === null || knowledge.by === "published") && (
          <KnownBy knowledge={knowledge} />
        )}
        {position !== null && (
          <span class="pinned">
            {said.pinned(position)}{" "}
            <button type="button" onClick={() => show({ position: null }, true)}>
              {said.unpin}
            </button>
          </span>
        )}
      </div>
    </section>
  );
}

function KnownBy({ knowledge }: { knowledge: Exclude<Knowledge, { by: "now" }> }) {
  const said = words.value.times;
  return (
    <>
      <MomentField id="known" label={said[knowledge.by]} value={knowledge.at} set={moveKnowledge} />
      <label class="together">
        <input
          type="checkbox"
          checked={movesTogether.value}
          onChange={(event) => setTogether(event.currentTarget.checked)}
        />
        {said.together}
      </label>
      <div class="slider" dir="ltr">
        <DaySlider
          label={said[knowledge.by]}
          first={Math.min(earliestKnown.value, dayNumber(knowledge.at))}
          last={today()}
          moment={knowledge.at}
          move={moveKnowledge}
        />
      </div>
    </>
  );
}

function DaySlider(slider: {
  label: string;
  first: number;
  last: number;
  moment: string;
  move: (day: string) => void;
}) {
  return (
    <input
      type="range"
      aria-label={slider.label}
      aria-valuetext={slider.moment}
      min={slider.first}
      max={slider.last}
      value={dayNumber(slider.moment)}
      onInput={(event) => slider.move(dayAt(Number(event.currentTarget.value)))}
    />
  );
}

const AXES = ["now", "published", "recorded"] as const;

function Axis({ knowledge }: { knowledge: Knowledge }) {
  const said = words.value.times;
  const choose = (by: Knowledge["by"]) => {
    const first = knowledge.by === "now" ? dayAt(Math.min(today(), span.value[1])) : knowledge.at;
    const at = movesTogether.peek() ? upToToday(shown.peek().at) : by === "recorded" ? dayAt(today()) : first;
    show({ knowledge: by === "now" ? { by } : { by, at } }, true);
  };
  return (
    <span class="choice" role="radiogroup" aria-label={said.knowledge}>
      {AXES.map((by) => (
        <label key={by}>
          <input type="radio" name="axis" checked={knowledge.by === by} onChange={() => choose(by)} />
          <span>{said[by]}</span>
        </label>
      ))}
    </span>
  );
}
