// The map: places over a base map, one moment at a time. What draws it is loaded apart, so that the
// list beside it need not wait; where the browser can't draw it, the page says so.
import { signal } from "@preact/signals";
import type { Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef } from "preact/hooks";
import { otherSymbols } from "../state/situation";
import { words } from "../words/words";
import type { Engine } from "./engine";
import "./map.css";
import { PrintedMap } from "./printed";
import { Swipe } from "./swipe";
import { TipBox, baseProblem } from "./tip";

/** The map as it stands, for those that print or move it. */
export let map: MapLibre | null = null;

const engine = signal<Engine | null>(null);
const drawProblem = signal<Error | null>(null);
const loading = import("./engine");

export function SituationMap() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isOver = false;
    void begin(element.current!).then(() => isOver && end());
    return () => {
      isOver = true;
      end();
    };
  }, []);
  const said = words.value.map;
  return (
    <section class="map" aria-label={said.map}>
      <div class="canvas" ref={element} />
      {engine.value && <PrintedMap map={engine.value.map} />}
      {engine.value && <Buttons engine={engine.value} />}
      {engine.value && otherSymbols.value && <Swipe />}
      <TipBox />
      {drawProblem.value && (
        <p class="note none" role="status">
          {said.noMap}
        </p>
      )}
      {baseProblem.value && (
        <p class="note" role="status">
          {said.noStyle} <span lang="en">{baseProblem.value.message}</span>
        </p>
      )}
    </section>
  );
}

async function begin(container: HTMLElement): Promise<void> {
  try {
    engine.value = await (await loading).begin(container);
    map = engine.value.map;
  } catch (error) {
    console.info(error);
    drawProblem.value = error as Error;
  }
}

function end(): void {
  engine.value?.end();
  engine.value = map = null;
}

function Buttons({ engine: { map: made, fitAll } }: { engine: Engine }) {
  const said = words.value.map;
  const button = (label: string, path: string, onClick: () => void) => (
    <button type="button" aria-label={label} title={label} onClick={onClick}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
  return (
    <div class="buttons">
      {button(said.zoomIn, "M8 2v12M2 8h12", () => made.zoomIn())}
      {button(said.zoomOut, "M2 8h12", () => made.zoomOut())}
      {button(said.fitAll, "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4", fitAll)}
    </div>
  );
}
