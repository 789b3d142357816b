// The map itself: made once, and moved by the signals of the page.
import { effect, untracked } from "@preact/signals";
import {
  AttributionControl,
  Map as MapLibre,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { isDark } from "../parts/dark";
import { differing } from "../state/differences";
import { pointed } from "../state/pointed";
import { open, panel, show, shown } from "../state/shown";
import { numbers, otherColumn, otherSymbols, places, symbols } from "../state/situation";
import { language, words } from "../words/words";
import { type Base, baseMap, shipped } from "./basemap";
import { Differences, type Halo } from "./differences";
import { groups, zoom } from "./grouped";
import { CLOSEST, type Group } from "./groups";
import { Labels } from "./labels";
import { INKS } from "./palette";
import { PlaceLayer } from "./place_layer";
import { beginLine, endLine, split } from "./swipe";
import { type Tip, baseProblem, tip } from "./tip";

setWorkerUrl(worker);

/** Marks the move to where all places are on the map. */
const FITTED = "isFitted";
/** The most places in one that are listed at once; of more, the map shows more of each first. */
const LISTED = 12;

export interface Engine {
  map: MapLibre;
  /** Moves the map so that every place is on it. */
  fitAll(): void;
  end(): void;
}

/** Raises where the browser can't draw with WebGL 2. */
export async function begin(container: HTMLElement): Promise<Engine> {
  const base = await readBase();
  const view = shown.peek().view;
  const map = new MapLibre({
    container,
    style: base.style,
    center: view ? [view.longitude, view.latitude] : [0, 20],
    zoom: view?.zoom ?? 1,
    attributionControl: false,
    dragRotate: false,
    fadeDuration: 0,
    maxZoom: CLOSEST,
    pitchWithRotate: false,
    renderWorldCopies: false, // places are drawn once
    reduceMotion: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  map.addControl(new ScaleControl(), "bottom-left");
  const layer = new PlaceLayer(inks());
  if (!view) fit(map);
  await new Promise((ready) => map.once("style.load", ready));
  const labels = new Labels(map, base.font, isDark.peek());
  const differences = new Differences(map, isDark.peek());
  map.addLayer(layer); // on top: what is below it is kept while moments play
  layer.onGroups = (drawn, its) => {
    const list = places.peek();
    if (list) labels.show(list, drawn, its);
  };
  layer.onFirstDrawn = () => performance.mark("places drawn");
  // MapLibre brings back all but layers that others draw.
  map.on("webglcontextlost", () => map.once("style.load", () => map.addLayer(layer)));
  void map.once("idle").then(() => base.complete(map, language.peek()));
  const stops = [
    ...follow(map, layer, labels, base),
    ...followDifferences(map, layer, differences),
    effect(() => nameParts(map, container)),
    pointing(map, layer),
  ];
  return {
    map,
    fitAll: () => fit(map, true),
    end() {
      for (const stop of stops) stop();
      map.remove();
      tip.value = null;
    },
  };
}

const inks = () => (isDark.value ? INKS.dark : INKS.light);

async function readBase(): Promise<Base> {
  try {
    return await baseMap(isDark.peek());
  } catch (error) {
    baseProblem.value = error as Error;
    return shipped(isDark.peek());
  }
}

// ---- what the page shows, on the map -----------------------------------------------------------

function follow(map: MapLibre, layer: PlaceLayer, labels: Labels, base: Base): (() => void)[] {
  let drawn: unknown = null;
  return [
    effect(() => {
      const [list, its] = [places.value, symbols.value];
      if (!list || !its) return;
      if (list !== drawn) layer.setGroups(groups.peek()!);
      if (!drawn && !shown.peek().view) fit(map);
      drawn = list;
      layer.setSymbols(its);
    }),
    effect(() => layer.setOther(otherSymbols.value, split.value)),
    effect(() => layer.setChosen(chosen())),
    effect(() => {
      const view = shown.value.view;
      if (view) untracked(() => moveTo(map, view));
    }),
    effect(() => {
      const dark = isDark.value;
      base.repaint(map, dark);
      labels.repaint(dark);
      layer.setInks(inks());
    }),
    effect(() => base.name(map, language.value)),
  ];
}

function followDifferences(map: MapLibre, layer: PlaceLayer, differences: Differences): (() => void)[] {
  return [
    effect(() => differences.show(halosOf(layer))),
    effect(() => differences.repaint(isDark.value)),
    effect(() => {
      const [found, isCompared] = [differing.value, otherColumn.value !== null];
      untracked(() => (isCompared ? placeLine(map, found) : endLine()));
    }),
  ];
}

function halosOf(layer: PlaceLayer): Halo[] {
  const pointedAt = new Set(pointed.value?.places);
  return groupsWith(differing.value, zoom.value).map(({ group, places }) => ({
    group,
    radius: layer.radiusOf(group),
    isPointed: places.some((place) => pointedAt.has(place)),
  }));
}

/** The groups that have any of these places, each with those that it has. */
function groupsWith(found: readonly number[], level: number): { group: Group; places: number[] }[] {
  if (!found.length) return [];
  const wanted = new Set(found);
  return (groups.value?.of(level) ?? [])
    .map((group) => ({ group, places: group.members.filter((place) => wanted.has(place)) }))
    .filter(({ places }) => places.length > 0);
}

/** Places the line amid what differs and is on the screen, once the map stands where it will. */
function placeLine(map: MapLibre, found: readonly number[]): void {
  const otherSide = JSON.stringify(shown.peek().other);
  const place = () => {
    const { clientWidth, clientHeight } = map.getCanvas();
    const onScreen = groupsWith(found, map.getZoom())
      .map(({ group }) => map.project([group.longitude, group.latitude]))
      .filter(({ x, y }) => x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight);
    beginLine(onScreen.map(({ x }) => x), clientWidth, otherSide);
  };
  requestAnimationFrame(() => (map.isMoving() ? void map.once("moveend", place) : place()));
}

function chosen(): number[] {
  const of = panel.value.name === "place" || panel.value.name === "here" ? panel.value.of : null;
  const number = of === null ? undefined : numbers.value.get(of);
  return [...(number === undefined ? [] : [number]), ...(pointed.value?.places ?? [])];
}

/** Goes where the address says, as after a step back; where the map is already, nothing moves. */
function moveTo(map: MapLibre, view: { longitude: number; latitude: number; zoom: number }): void {
  const { lng, lat } = map.getCenter();
  const near = (one: number, other: number) => Math.abs(one - other) < 0.001;
  const isThere =
    near(lng, view.longitude) && near(lat, view.latitude) && near(map.getZoom(), view.zoom);
  if (isThere || map.isMoving()) return;
  map.jumpTo({ center: [view.longitude, view.latitude], zoom: view.zoom });
}

function nameParts(map: MapLibre, container: HTMLElement): void {
  const said = words.value.map;
  map.getCanvas().setAttribute("aria-label", said.canvas);
  const button = container.querySelector(".maplibregl-ctrl-attrib-button");
  button?.setAttribute("aria-label", said.attribution);
  button?.setAttribute("title", said.attribution);
}

// ---- what a person does on the map -------------------------------------------------------------

function pointing(map: MapLibre, layer: PlaceLayer): () => void {
  const showTip = () => {
    tip.value = tipOf(map, layer);
  };
  const stop = effect(() => {
    void pointed.value;
    untracked(showTip);
  });
  zoom.value = map.getZoom();
  map.on("moveend", (event) => {
    zoom.value = map.getZoom();
    if (FITTED in event) return; // a view that nobody chose is not part of the address
    const { lng, lat } = map.getCenter();
    show({ view: { longitude: lng, latitude: lat, zoom: map.getZoom() } });
  });
  map.on("move", () => pointed.peek() && showTip());
  map.on("mousemove", ({ point }) => {
    const group = layer.at(point.x, point.y);
    map.getCanvas().style.cursor = group ? "pointer" : "";
    const places = group ? members(group) : [];
    if (places.join() === pointed.peek()?.places.join()) return;
    pointed.value = places.length ? { places, from: "map" } : null;
  });
  map.on("click", ({ point }) => {
    const group = layer.at(point.x, point.y);
    if (group) openGroup(map, group);
  });
  return stop;
}

function tipOf(map: MapLibre, layer: PlaceLayer): Tip | null {
  const now = pointed.peek();
  const [first] = now?.places ?? [];
  if (!now || first === undefined) return null;
  const group = groups.peek()?.with(first, map.getZoom());
  if (!group) return null;
  const { x, y } = map.project([group.longitude, group.latitude]);
  const { clientWidth, clientHeight } = map.getCanvas();
  if (x < 0 || y < 0 || x > clientWidth || y > clientHeight) return null;
  return { x, y, radius: layer.radiusOf(group), isLow: y > clientHeight / 2, places: now.places };
}

function members(group: Group): number[] {
  const isShown = symbols.peek()?.isShown;
  return group.members.filter((place) => isShown?.[place]);
}

function openGroup(map: MapLibre, group: Group): void {
  const list = places.peek();
  const found = members(group);
  const [first] = found;
  if (!list || first === undefined) return;
  const of = list.id[first]!;
  if (found.length === 1) open({ name: "place", of });
  else if (found.length <= LISTED || !groups.peek()!.isSeparable(group)) open({ name: "here", of });
  else fitTo(map, found, CLOSEST, true);
}

// ---- where the map stands ----------------------------------------------------------------------

function fit(map: MapLibre, isStep = false): void {
  fitTo(map, places.peek()?.id.map((_, number) => number) ?? [], 8, isStep);
}

function fitTo(map: MapLibre, numbers: readonly number[], maxZoom: number, isStep: boolean): void {
  const list = places.peek();
  if (!list) return;
  const known = (degrees: readonly (number | null)[]) =>
    numbers.flatMap((number) => degrees[number] ?? []);
  const [x, y] = [known(list.longitude), known(list.latitude)];
  if (!x.length) return;
  const least = (all: number[]) => all.reduce((one, other) => Math.min(one, other));
  const most = (all: number[]) => all.reduce((one, other) => Math.max(one, other));
  const corners: [[number, number], [number, number]] = [
    [least(x), least(y)],
    [most(x), most(y)],
  ];
  const legend = legendWidth(map);
  const isLeft = document.documentElement.dir !== "rtl";
  const label = Math.min(110, map.getContainer().clientWidth / 6); // stands to the right of a place
  const [left, right] = isLeft ? [50 + legend, label] : [50, label + legend];
  const padding = { top: 50, bottom: 50, left, right };
  const how = { padding, maxZoom, animate: isStep };
  map.fitBounds(corners, how, isStep ? {} : { [FITTED]: true });
}

/** The pixels that the legend takes of the map, where it leaves room for a map. */
function legendWidth(map: MapLibre): number {
  const all = map.getContainer().clientWidth;
  const legend = map.getContainer().parentElement?.querySelector(".legend");
  const width = legend?.clientWidth ?? 0;
  return width < all / 3 ? width : 0;
}
