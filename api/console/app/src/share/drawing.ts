// What is drawn on pictures besides the map: signs, boxes with a text, lines of text.
import { INKS } from "../map/palette";
import { LINES, type Shape } from "../parts/sign_shapes";

export const MARGIN = 12;
export const LINE = 18;
export const FONT = "13px system-ui, sans-serif";
export const INK = INKS.light.edge;

/** A sign with its middle at the point. */
export function drawSign(context: CanvasRenderingContext2D, shapes: readonly Shape[], x: number, y: number): void {
  context.save();
  context.translate(x, y);
  for (const shape of shapes) {
    context.save();
    drawShape(context, shape);
    context.restore();
  }
  context.restore();
}

function drawShape(context: CanvasRenderingContext2D, shape: Shape): void {
  if (shape.isClipped) context.clip(circle(5));
  if (shape.text) {
    context.font = "bold 9px system-ui, sans-serif";
    [context.textAlign, context.textBaseline, context.fillStyle] = ["center", "middle", INK];
    [context.strokeStyle, context.lineWidth] = ["#fff", 2];
    context.strokeText(shape.text, 0, 0.5);
    context.fillText(shape.text, 0, 0.5);
    return;
  }
  const outline = shape.path ? new Path2D(shape.path) : circle(shape.radius!, shape.middle);
  context.globalAlpha = shape.opacity ?? 1;
  if (shape.fill) {
    context.fillStyle = shape.fill;
    context.fill(outline);
  }
  if (!shape.line) return;
  const { width, dash } = LINES[shape.line];
  context.strokeStyle = { edge: INK, broken: INK, siege: INKS.light.siege, white: "#fff" }[shape.line];
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.stroke(outline);
}

function circle(radius: number, [x, y]: readonly [number, number] = [0, 0]): Path2D {
  const path = new Path2D();
  path.arc(x, y, radius, 0, 7);
  return path;
}

/** A text on a light ground; with its end at the point where it `isEnd`. */
export function drawLabel(context: CanvasRenderingContext2D, text: string, x: number, y: number, isEnd: boolean): void {
  const width = context.measureText(text).width + 12;
  const left = isEnd ? x - width : x;
  context.fillStyle = "rgb(255 255 255 / 90%)";
  context.fillRect(left, y, width, LINE + 2);
  context.fillStyle = INK;
  context.textBaseline = "middle";
  context.fillText(text, left + 6, y + LINE / 2 + 1);
}

/** The text in lines no wider than that. */
export function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
