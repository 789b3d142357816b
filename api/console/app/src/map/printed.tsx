// The map on paper: a picture of it, taken as the browser begins to print. What the map itself draws is
// kept no longer than it takes to show it, and is as wide as the screen.
import { useEffect, useRef } from "preact/hooks";
import type { Map as MapLibre } from "maplibre-gl";

export function PrintedMap({ map }: { map: MapLibre }) {
  const element = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = () => {
      const [picture, drawn] = [element.current!, map.getCanvas()];
      picture.width = drawn.width;
      picture.height = drawn.height;
      map.redraw();
      picture.getContext("2d")!.drawImage(drawn, 0, 0);
    };
    window.addEventListener("beforeprint", draw);
    return () => window.removeEventListener("beforeprint", draw);
  }, [map]);
  return <canvas class="printed" ref={element} aria-hidden="true" />;
}
