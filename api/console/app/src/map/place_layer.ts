// Draws the places: one instance of a square for each group, its symbol in twelve bytes. A new
// moment sends the bytes alone.
import { type CustomLayerInterface, type Map as MapLibre, MercatorCoordinate } from "maplibre-gl";
import type { Places } from "../server/columns";
import { PALETTE } from "./colours";
import { Groups, type Group, symbolOfGroup } from "./groups";
import { FRAGMENTS, VERTICES } from "./shaders";
import { BYTES, type Symbols } from "./symbols";

const FLOATS = 3; // longitude and latitude in the square of Mercator, and pixels across
const SMALLEST = 12;
const LARGEST = 44;

export class PlaceLayer implements CustomLayerInterface {
  readonly id = "places";
  readonly type = "custom";
  private map!: MapLibre;
  private gl!: WebGL2RenderingContext;
  private program!: WebGLProgram;
  private array!: WebGLVertexArrayObject;
  private spots!: WebGLBuffer;
  private looks!: WebGLBuffer;
  private groups: readonly Group[] = [];
  private bytes = new Uint8Array();
  private level = -1;
  private symbols: Symbols | null = null;
  private grouping: Groups | null = null;
  private chosen: string | null = null;
  private names: readonly string[] = [];

  /** What the layer drew last; called after each change of the groups. */
  onGroups: (groups: readonly Group[], symbols: Symbols) => void = () => {};

  setPlaces(places: Places): void {
    this.grouping = new Groups(places);
    this.names = places.id;
    this.symbols = null;
    this.level = -1;
  }

  /** Shows another moment of the same places. */
  setSymbols(symbols: Symbols): void {
    this.symbols = symbols;
    if (this.level < 0) this.regroup();
    else this.send();
    this.map?.triggerRepaint();
  }

  setChosen(place: string | null): void {
    this.chosen = place;
    this.level = -1;
    this.map?.triggerRepaint();
  }

  /** The group nearest to a point of the screen, within its own size or a finger's. */
  at(x: number, y: number, reach = 12): Group | null {
    let [best, least] = [null as Group | null, Number.POSITIVE_INFINITY];
    this.groups.forEach((group, number) => {
      if (!this.isDrawn(number)) return;
      const point = this.map.project([group.longitude, group.latitude]);
      const distance = Math.hypot(point.x - x, point.y - y);
      if (distance < least && distance < Math.max(reach, this.sizeOf(group) / 2)) {
        [best, least] = [group, distance];
      }
    });
    return best;
  }

  onAdd(map: MapLibre, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.map = map;
    this.gl = gl as WebGL2RenderingContext;
    this.program = linked(this.gl);
    this.array = this.gl.createVertexArray();
    this.spots = this.gl.createBuffer();
    this.looks = this.gl.createBuffer();
    this.describe();
    map.on("zoom", () => this.regroup());
    this.regroup();
  }

  onRemove(): void {
    this.gl.deleteProgram(this.program);
    this.gl.deleteVertexArray(this.array);
    this.gl.deleteBuffer(this.spots);
    this.gl.deleteBuffer(this.looks);
  }

  render(
    _: WebGLRenderingContext | WebGL2RenderingContext,
    { defaultProjectionData }: { defaultProjectionData: { mainMatrix: Iterable<number> } },
  ): void {
    if (!this.symbols) return;
    if (this.level < 0) this.regroup();
    const gl = this.gl;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    const uniform = (name: string) => gl.getUniformLocation(this.program, name);
    gl.uniformMatrix4fv(uniform("matrix"), false, [...defaultProjectionData.mainMatrix]);
    gl.uniform2f(uniform("viewport"), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform1f(uniform("density"), this.map.getPixelRatio());
    gl.uniform3fv(uniform("palette"), COLOURS);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.groups.length);
    gl.bindVertexArray(null);
  }

  private regroup(): void {
    const level = Math.floor(this.map?.getZoom() ?? 0);
    if (!this.grouping || !this.symbols || level === this.level || !this.gl) return;
    this.level = level;
    this.groups = this.grouping.of(level);
    const spots = new Float32Array(this.groups.length * FLOATS);
    this.groups.forEach((group, number) => {
      const { x, y } = MercatorCoordinate.fromLngLat([group.longitude, group.latitude]);
      spots.set([x, y, this.sizeOf(group)], number * FLOATS);
    });
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.spots);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, spots, this.gl.STATIC_DRAW);
    this.bytes = new Uint8Array(this.groups.length * BYTES);
    this.send();
  }

  private send(): void {
    if (!this.symbols || !this.gl) return;
    this.bytes.fill(0);
    for (let number = 0; number < this.groups.length; number++) {
      symbolOfGroup(this.groups[number]!, this.symbols, this.bytes, number * BYTES);
    }
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.looks);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, this.bytes, this.gl.DYNAMIC_DRAW);
    this.onGroups(this.groups, this.symbols);
  }

  private isDrawn(number: number): boolean {
    return (this.bytes[number * BYTES + 11] ?? 0) > 0;
  }

  private sizeOf(group: Group): number {
    const isChosen = group.members.some((place) => this.names[place] === this.chosen);
    const grown = SMALLEST + 7 * Math.log2(group.members.length);
    return Math.min(LARGEST, grown) + (isChosen ? 8 : 0);
  }

  private describe(): void {
    const gl = this.gl;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.spots);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, FLOATS, gl.FLOAT, false, 4 * FLOATS, 0);
    gl.vertexAttribDivisor(0, 1);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.looks);
    for (const part of [0, 1, 2]) {
      gl.enableVertexAttribArray(1 + part);
      gl.vertexAttribIPointer(1 + part, 4, gl.UNSIGNED_BYTE, BYTES, 4 * part);
      gl.vertexAttribDivisor(1 + part, 1);
    }
    gl.bindVertexArray(null);
  }
}

const COLOURS = new Float32Array(
  PALETTE.flatMap((colour) =>
    [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255),
  ),
);

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  const sources = [
    [gl.VERTEX_SHADER, VERTICES],
    [gl.FRAGMENT_SHADER, FRAGMENTS(PALETTE.length)],
  ] as const;
  for (const [kind, source] of sources) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The map's shaders do not link: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
