// The map: places over a base map, one moment at a time.
import { effect } from "@preact/signals";
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useEffect, useRef } from "preact/hooks";
import { open, panel, show, shown } from "../state/shown";
import { places, symbols } from "../state/situation";
import { words } from "../words/words";
import { baseStyle } from "./basemap";
import { Labels } from "./labels";
import { PlaceLayer } from "./place_layer";
import { isDark } from "../parts/dark";

setWorkerUrl(worker);

/** The map as it stands, for those that print or move it. */
export let map: MapLibre | null = null;

export function SituationMap() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ended = begin(element.current!);
    return () => ended.then((end) => end());
  }, []);
  return <div class="map" ref={element} aria-label={words.value.map.map} />;
}

async function begin(container: HTMLElement): Promise<() => void> {
  const view = shown.peek().view;
  const made = new MapLibre({
    container,
    style: await baseStyle(isDark.peek()),
    center: view ? [view.longitude, view.latitude] : [0, 20],
    zoom: view?.zoom ?? 1,
    attributionControl: { compact: true },
    canvasContextAttributes: { preserveDrawingBuffer: true }, // a picture is made of it
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 14,
  });
  map = made;
  made.touchZoomRotate.disableRotation();
  made.addControl(new NavigationControl({ showCompass: false }), "top-right");
  made.addControl(new ScaleControl(), "bottom-right");
  const layer = new PlaceLayer();
  await new Promise((ready) => made.once("style.load", ready));
  made.addLayer(layer);
  const labels = new Labels(made, isDark.peek());
  layer.onGroups = (groups, its) => {
    const list = places.peek();
    if (list) labels.show(list, groups, its);
  };
  let drawn: unknown = null;
  let isFitting = false;
  const stops = [
    effect(() => {
      const list = places.value;
      if (!list) return;
      layer.setPlaces(list);
      drawn = list;
      if (shown.peek().view) return;
      isFitting = true; // a view that nobody chose is not part of the address
      fit(made, list.longitude, list.latitude);
      isFitting = false;
    }),
    effect(() => {
      if (symbols.value && drawn) layer.setSymbols(symbols.value);
    }),
    effect(() => layer.setChosen("of" in panel.value ? panel.value.of : null)),
  ];
  made.on("moveend", () => {
    if (isFitting) return;
    const { lng, lat } = made.getCenter();
    show({ view: { longitude: lng, latitude: lat, zoom: made.getZoom() } });
  });
  made.on("click", ({ point }) => {
    const group = layer.at(point.x, point.y);
    const list = places.peek();
    if (!group || !list) return;
    const [only] = group.members;
    if (group.members.length === 1 && only !== undefined) {
      open({ name: "place", of: list.id[only]! });
    } else {
      made.easeTo({ center: [group.longitude, group.latitude], zoom: made.getZoom() + 2 });
    }
  });
  made.on("mousemove", ({ point }) => {
    made.getCanvas().style.cursor = layer.at(point.x, point.y) ? "pointer" : "";
  });
  return () => {
    for (const stop of stops) stop();
    made.remove();
    map = null;
  };
}

type Degrees = readonly (number | null)[];

function fit(made: MapLibre, longitudes: Degrees, latitudes: Degrees): void {
  const x = longitudes.filter((each) => each !== null);
  const y = latitudes.filter((each) => each !== null);
  if (!x.length) return;
  const least = (all: number[]) => all.reduce((one, other) => Math.min(one, other));
  const most = (all: number[]) => all.reduce((one, other) => Math.max(one, other));
  const bounds: [number, number, number, number] = [least(x), least(y), most(x), most(y)];
  made.fitBounds(bounds, { padding: 60, maxZoom: 8, animate: false });
}
