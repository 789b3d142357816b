// The map as a picture, with its legend and its basis printed on it.
import { cssColour } from "../map/colours";
import { map } from "../map/map";

const MARGIN = 12;
const LINE = 18;
const FONT = "13px system-ui, sans-serif";

export interface Caption {
  title: string;
  lines: string[];
  legend: { actor: string; name: string; places: number }[];
}

export async function pictureOf(caption: Caption): Promise<Blob> {
  if (!map) throw new Error("There is no map.");
  const drawn = map.getCanvas();
  const scale = drawn.width / drawn.clientWidth;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d")!;
  context.font = FONT;
  const width = drawn.clientWidth;
  const lines = caption.lines.flatMap((line) => wrapped(context, line, width - 2 * MARGIN));
  const height = drawn.clientHeight + (lines.length + 1) * LINE + 2 * MARGIN;
  canvas.width = width * scale;
  canvas.height = height * scale;
  context.scale(scale, scale);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  map.redraw(); // what is on the screen is kept no longer than this step of the program
  context.drawImage(drawn, 0, 0, width, drawn.clientHeight);
  drawLegend(context, caption.legend);
  context.fillStyle = "#1c1f21";
  context.textBaseline = "top";
  let y = drawn.clientHeight + MARGIN;
  context.font = `bold ${FONT}`;
  context.fillText(caption.title, MARGIN, y);
  context.font = FONT;
  for (const line of lines) context.fillText(line, MARGIN, (y += LINE));
  return new Promise((made, failed) =>
    canvas.toBlob((blob) => (blob ? made(blob) : failed(new Error("No picture was made.")))),
  );
}

function drawLegend(context: CanvasRenderingContext2D, legend: Caption["legend"]): void {
  if (!legend.length) return;
  const texts = legend.map(({ name, places }) => `${name}  ${places}`);
  const width = Math.max(...texts.map((text) => context.measureText(text).width));
  context.fillStyle = "rgb(255 255 255 / 88%)";
  context.fillRect(MARGIN, MARGIN, width + 40, legend.length * LINE + 10);
  context.textBaseline = "middle";
  legend.forEach(({ actor }, at) => {
    const y = MARGIN + 5 + at * LINE + LINE / 2;
    context.fillStyle = cssColour(actor);
    context.beginPath();
    context.arc(MARGIN + 14, y, 6, 0, 7);
    context.fill();
    context.fillStyle = "#1c1f21";
    context.fillText(texts[at]!, MARGIN + 28, y);
  });
}

function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
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
