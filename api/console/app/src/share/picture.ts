// The map as a picture, with its legend, the signs that occur on it, its basis and its credit.
import { cssColour } from "../map/colours";
import { map } from "../map/map";
import { split } from "../map/swipe";
import { SIGN_SHAPES, type Sign } from "../parts/sign_shapes";
import { FONT, INK, LINE, MARGIN, drawLabel, drawSign, wrapped } from "./drawing";
import { signsOn } from "./map_signs";

export interface Caption {
  title: string;
  lines: string[];
  legend: { actor: string; text: string }[];
  /** What each sign means. */
  signs: Record<Sign, string>;
  credit: (whose: string) => string;
  /** What stands left and right of the line of a comparison. */
  sides: readonly string[] | null;
}

interface Placed {
  sign: Sign;
  text: string;
  x: number;
  row: number;
}

const ICON = 22;
const GAP = 18;

export async function pictureOf(caption: Caption): Promise<Blob> {
  if (!map) throw new Error("There is no map.");
  const drawn = map.getCanvas();
  const [width, mapHeight] = [drawn.clientWidth, drawn.clientHeight];
  const scale = drawn.width / width;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d")!;
  context.font = FONT;
  const credit = creditOf(map.getContainer());
  const texts = [...caption.lines, ...(credit ? [caption.credit(credit)] : [])];
  const lines = texts.flatMap((line) => wrapped(context, line, width - 2 * MARGIN));
  const signs = placed(context, signsOn(map), caption.signs, width);
  const rows = (signs.at(-1)?.row ?? -1) + 1;
  canvas.width = width * scale;
  canvas.height = (mapHeight + (1 + rows + lines.length) * LINE + 2 * MARGIN) * scale;
  context.scale(scale, scale);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  map.redraw(); // what is on the screen is kept no longer than this step of the program
  context.drawImage(drawn, 0, 0, width, mapHeight);
  context.font = FONT;
  drawLegend(context, caption.legend);
  if (caption.sides) drawSides(context, caption.sides, width, mapHeight);
  context.fillStyle = INK;
  context.textBaseline = "top";
  let y = mapHeight + MARGIN;
  context.font = `bold ${FONT}`;
  context.fillText(caption.title, MARGIN, y);
  context.font = FONT;
  y += LINE;
  for (const { sign, text, x, row } of signs) {
    drawSign(context, SIGN_SHAPES[sign], x + ICON / 2 - 3, y + row * LINE + LINE / 2 - 2);
    context.fillText(text, x + ICON, y + row * LINE);
  }
  y += rows * LINE;
  for (const line of lines) {
    context.fillText(line, MARGIN, y);
    y += LINE;
  }
  return new Promise((made, failed) =>
    canvas.toBlob((blob) => (blob ? made(blob) : failed(new Error("No picture was made.")))),
  );
}

/** Who made the map below the places, as the map itself says. */
function creditOf(container: HTMLElement): string {
  return container.querySelector(".maplibregl-ctrl-attrib-inner")?.textContent?.trim() ?? "";
}

/** The signs in rows no wider than the picture. */
function placed(
  context: CanvasRenderingContext2D,
  found: readonly Sign[],
  said: Record<Sign, string>,
  width: number,
): Placed[] {
  let [x, row] = [MARGIN, 0];
  return found.map((sign) => {
    const text = said[sign];
    const wide = ICON + context.measureText(text).width;
    if (x > MARGIN && x + wide > width - MARGIN) [x, row] = [MARGIN, row + 1];
    const at = { sign, text, x, row };
    x += wide + GAP;
    return at;
  });
}

function drawLegend(context: CanvasRenderingContext2D, legend: Caption["legend"]): void {
  if (!legend.length) return;
  const width = Math.max(...legend.map(({ text }) => context.measureText(text).width));
  context.fillStyle = "rgb(255 255 255 / 88%)";
  context.fillRect(MARGIN, MARGIN, width + 40, legend.length * LINE + 10);
  context.textBaseline = "middle";
  legend.forEach(({ actor, text }, at) => {
    const y = MARGIN + 5 + at * LINE + LINE / 2;
    context.fillStyle = cssColour(actor);
    context.beginPath();
    context.arc(MARGIN + 14, y, 6, 0, 7);
    context.fill();
    context.fillStyle = INK;
    context.fillText(text, MARGIN + 28, y);
  });
}

function drawSides(context: CanvasRenderingContext2D, [left, right]: readonly string[], width: number, height: number): void {
  const at = split.value * width;
  context.fillStyle = INK;
  context.fillRect(at - 1, 0, 2, height);
  drawLabel(context, left!, at - MARGIN, height - LINE - 8, true);
  drawLabel(context, right!, at + MARGIN, height - LINE - 8, false);
}
