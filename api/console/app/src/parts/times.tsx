// Both times: the moment in the world, and what was known of it.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Knowledge } from "../state/address";
import { changes, span, stepToChange } from "../state/dates";
import { dayAt, dayNumber } from "../state/days";
import { show, shown } from "../state/shown";
import { words } from "../words/words";

export function Times() {
  const said = words.value;
  const { at, knowledge } = shown.value;
  const [first, last] = span.value;
  return (
    <section class="times" aria-label={said.times.moment}>
      <div class="time">
        <label for="at">{said.times.moment}</label>
        <DateField id="at" value={at} set={(day) => show({ at: day })} />
        <Player />
        <div class="slider">
          <Density />
          <input
            type="range"
            aria-label={said.times.moment}
            aria-valuetext={at}
            min={first}
            max={last}
            value={dayNumber(at)}
            onInput={(event) => show({ at: dayAt(Number(event.currentTarget.value)) })}
          />
        </div>
      </div>
      <div class="time">
        <label for="axis">{said.times.knowledge}</label>
        <KnowledgeChoice knowledge={knowledge} />
        {knowledge.by !== "now" && (
          <>
            <DateField
              id="known"
              value={knowledge.at}
              set={(day) => show({ knowledge: { ...knowledge, at: day } })}
            />
            <input
              type="range"
              class="slider"
              aria-label={said.times.knowledge}
              aria-valuetext={knowledge.at}
              min={first}
              max={Math.floor(Date.now() / 86_400_000)}
              value={dayNumber(knowledge.at)}
              onInput={(event) =>
                show({ knowledge: { ...knowledge, at: dayAt(Number(event.currentTarget.value)) } })
              }
            />
          </>
        )}
      </div>
    </section>
  );
}

function KnowledgeChoice({ knowledge }: { knowledge: Knowledge }) {
  const said = words.value;
  return (
    <select
      id="axis"
      value={knowledge.by}
      onChange={(event) => {
        const by = event.currentTarget.value as Knowledge["by"];
        const at = knowledge.by === "now" ? dayAt(span.value[1]) : knowledge.at;
        show({ knowledge: by === "now" ? { by } : { by, at } }, true);
      }}
    >
      <option value="now">{said.times.now}</option>
      <option value="published">{said.times.published}</option>
      <option value="recorded">{said.times.recorded}</option>
    </select>
  );
}

function DateField(field: { id: string; value: string; set: (day: string) => void }) {
  return (
    <input
      id={field.id}
      type="date"
      value={field.value.slice(0, 10)}
      onChange={(event) => event.currentTarget.value && field.set(event.currentTarget.value)}
    />
  );
}

const FRAME = 1000 / 30;

function Player() {
  const said = words.value;
  const plays = useSignal(false);
  useEffect(() => {
    if (!plays.value) return;
    const [first, last] = span.peek();
    if (dayNumber(shown.peek().at) >= last) show({ at: dayAt(first) });
    const timer = setInterval(() => {
      const day = dayNumber(shown.peek().at) + Math.max(1, Math.round((last - first) / 900));
      if (day >= last) plays.value = false;
      show({ at: dayAt(Math.min(day, last)) });
    }, FRAME);
    return () => clearInterval(timer);
  }, [plays.value]);
  return (
    <span class="player">
      <button type="button" title={said.times.before} aria-label={said.times.before} onClick={() => stepToChange(-1)}>
        ⏮
      </button>
      <button type="button" aria-label={plays.value ? said.times.pause : said.times.play} onClick={() => (plays.value = !plays.value)}>
        {plays.value ? "⏸" : "▶"}
      </button>
      <button type="button" title={said.times.after} aria-label={said.times.after} onClick={() => stepToChange(1)}>
        ⏭
      </button>
    </span>
  );
}

/** How many places change on each day, above the slider. */
function Density() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { dates, changes: counts } = changes.value;
  const [first, last] = span.value;
  useEffect(() => {
    const drawn = canvas.current!;
    const context = drawn.getContext("2d")!;
    drawn.width = drawn.clientWidth * devicePixelRatio;
    drawn.height = drawn.clientHeight * devicePixelRatio;
    context.fillStyle = getComputedStyle(drawn).color;
    const most = Math.max(1, ...counts);
    dates.forEach((date, at) => {
      const x = ((dayNumber(date) - first) / (last - first)) * drawn.width;
      const height = drawn.height * Math.sqrt(counts[at]! / most);
      context.fillRect(x - 1, drawn.height - height, 2 * devicePixelRatio, height);
    });
  }, [dates, counts, first, last]);
  return <canvas class="density" ref={canvas} aria-hidden="true" />;
}
