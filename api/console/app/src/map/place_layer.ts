// Draws the places: a square for each group on the screen and near it, its symbol in twelve bytes. A
// new moment sends the bytes alone.
import { type CustomLayerInterface, type Map as MapLibre, MercatorCoordinate } from "maplibre-gl";
import { Backdrop } from "./backdrop";
import { type Box, around, isIn, isWithin, screenOf } from "./box";
import { type Count, CountProgram } from "./count_program";
import { symbolOfGroup } from "./group_symbols";
import { CLOSEST, type Group, type Groups } from "./groups";
import type { Inks } from "./palette";
import { FLOATS, PlaceProgram } from "./place_program";
import { RING, type Symbols, WORDS, isSame } from "./symbols";

const SMALLEST = 13;
const NUMBERED = 16; // leaves a rim around the number of a group
const LARGEST = 44;
const AREA = 46;
const WORLD = 512; // pixels of the square of Mercator at zoom 0

export class PlaceLayer implements CustomLayerInterface {
  readonly id = "places";
  readonly type = "custom";
  private map: MapLibre | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private programs: {
    places: PlaceProgram;
    others: PlaceProgram;
    counts: CountProgram;
    backdrop: Backdrop;
  } | null = null;
  private matrix: number[] | null = null;
  private all: readonly Group[] = []; // at this level
  private groups: readonly Group[] = []; // of them, those near the screen
  private areas = 0; // of those, how many are areas; they come first
  private near: Box | null = null; // where they are all of those that there are
  private counts: readonly Count[] = [];
  private counted: Uint8Array = new Uint8Array();
  private spots = new Float32Array();
  private words = new Uint32Array();
  private isChanged = false;
  private frame = 0;
  private level = -1;
  private symbols: Symbols | null = null;
  private other: Symbols | null = null;
  private otherWords = new Uint32Array();
  private isOtherChanged = false;
  private split = 0.5;
  private grouping: Groups | null = null;
  private chosen: readonly number[] = [];

  /** Called after each change of the groups, and of what they show. */
  onGroups: (groups: readonly Group[], symbols: Symbols) => void = () => {};
  /** Called after the first frame with places. */
  onFirstDrawn: () => void = () => {};

  constructor(private inks: Inks) {}

  setGroups(grouping: Groups): void {
    this.grouping = grouping;
    this.symbols = null;
    this.level = -1;
  }

  /** Shows another moment of the same places. */
  setSymbols(symbols: Symbols): void {
    this.symbols = symbols;
    if (this.level < 0) this.follow();
    else {
      this.onGroups(this.all, symbols);
      this.send();
    }
  }

  /** Shows other symbols before the split, as a share of the width; null shows one moment alone. */
  setOther(symbols: Symbols | null, split: number): void {
    const isOther = symbols !== this.other;
    [this.other, this.split] = [symbols, split];
    if (isOther) this.send();
    else this.repaint();
  }

  /** Rings the groups of these places. */
  setChosen(places: readonly number[]): void {
    this.chosen = places;
    this.send();
  }

  setInks(inks: Inks): void {
    this.inks = inks;
    this.repaint();
  }

  /** The group nearest to a point of the screen, within its own size or a finger's. */
  at(x: number, y: number, reach = 12): Group | null {
    if (!this.map) return null;
    const spot = MercatorCoordinate.fromLngLat(this.map.unproject([x, y]));
    const world = WORLD * 2 ** this.map.getZoom();
    let [best, least] = [null as Group | null, Number.POSITIVE_INFINITY];
    for (let number = 0; number < this.groups.length; number++) {
      if (!this.words[number * WORDS + 2]) continue;
      const at = number * FLOATS;
      const distance =
        Math.hypot(this.spots[at]! - spot.x, this.spots[at + 1]! - spot.y) * world;
      // Of a point and the area around it, the point is meant.
      const group = this.groups[number]!;
      if (distance > Math.max(reach, this.spots[at + 2]! / 2)) continue;
      const rank = distance + (group.isArea ? AREA : 0);
      if (rank < least) [best, least] = [group, rank];
    }
    return best;
  }

  /** Half the pixels that a group is across. */
  radiusOf(group: Group): number {
    return sizeOf(group) / 2;
  }

  onAdd(map: MapLibre, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.map = map;
    this.gl = gl as WebGL2RenderingContext;
    this.programs = this.matrix = null;
    this.isChanged = true;
    this.level = -1;
    map.on("move", this.follow);
    this.follow();
  }

  onRemove(): void {
    this.map?.off("move", this.follow);
    for (const each of Object.values(this.programs ?? {})) each.remove();
    this.programs = this.gl = this.map = this.matrix = null;
  }

  render(
    _: WebGLRenderingContext | WebGL2RenderingContext,
    { defaultProjectionData }: { defaultProjectionData: { mainMatrix: Iterable<number> } },
  ): void {
    if (!this.gl) return;
    // What the graphics card holds is touched only here: MapLibre remembers what it bound elsewhere.
    const gl = this.gl;
    this.programs ??= {
      places: new PlaceProgram(gl, WORDS),
      others: new PlaceProgram(gl, WORDS),
      counts: new CountProgram(gl),
      backdrop: new Backdrop(gl),
    };
    this.programs.backdrop.keep();
    this.matrix = [...defaultProjectionData.mainMatrix];
    this.draw();
  }

  /** Draws another moment over what the map drew below the places, unless the map is about to draw
   * all of it anyway. */
  private drawAgain(): void {
    if (!this.map || !this.programs || !this.matrix) return;
    if (this.map.isMoving() || !this.map.loaded() || !this.programs.backdrop.put()) {
      this.map.triggerRepaint();
      return;
    }
    this.draw();
    this.map.painter.context.setDirty();
  }

  private draw(): void {
    if (!this.symbols || !this.map || !this.programs || !this.matrix) return;
    const { matrix, inks } = this;
    const density = this.map.getPixelRatio();
    const drawing = { matrix, density, inks, spots: this.spots, areas: this.areas };
    const now = { ...drawing, words: this.words, isChanged: this.isChanged };
    if (this.other && this.gl) {
      const then = { ...drawing, words: this.otherWords, isChanged: this.isOtherChanged };
      this.isOtherChanged = false;
      const [width, height] = [this.gl.drawingBufferWidth, this.gl.drawingBufferHeight];
      const at = Math.round(this.split * width);
      this.gl.enable(this.gl.SCISSOR_TEST);
      this.gl.scissor(0, 0, at, height);
      this.programs.others.draw(then);
      this.gl.scissor(at, 0, width - at, height);
      this.programs.places.draw(now);
      this.gl.disable(this.gl.SCISSOR_TEST);
    } else this.programs.places.draw(now);
    this.programs.counts.draw(this.counts, matrix, density, inks);
    this.isChanged = false;
    this.onFirstDrawn();
    this.onFirstDrawn = () => {};
  }

  private readonly follow = (): void => {
    const level = Math.min(CLOSEST, Math.floor(this.map?.getZoom() ?? 0));
    if (!this.grouping || !this.symbols || !this.map) return;
    if (level !== this.level) {
      this.level = level;
      this.all = this.grouping.of(level);
      this.near = null;
      this.onGroups(this.all, this.symbols);
    }
    const screen = screenOf(this.map);
    if (this.near && isWithin(screen, this.near)) return;
    this.near = around(screen);
    this.gather(this.near);
    this.send();
  };

  private gather(near: Box): void {
    const spots: number[] = [];
    this.groups = this.all.filter((group) => {
      const { x, y } = MercatorCoordinate.fromLngLat([group.longitude, group.latitude]);
      const isNear = isIn(x, y, near);
      if (isNear) spots.push(x, y, sizeOf(group));
      return isNear;
    });
    this.areas = this.groups.filter(({ isArea }) => isArea).length;
    this.spots = new Float32Array(spots);
    this.words = new Uint32Array(this.groups.length * WORDS);
    this.counted = new Uint8Array();
    this.counts = [];
  }

  private send(): void {
    if (!this.symbols || this.level < 0) return;
    this.write(this.symbols, this.words);
    this.isChanged = true;
    if (this.other) {
      this.otherWords = new Uint32Array(this.words.length);
      this.write(this.other, this.otherWords);
      this.isOtherChanged = true;
    }
    this.count(this.symbols);
    this.repaint();
  }

  /** Draws once before the next frame, however often it is asked. */
  private repaint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.drawAgain());
  }

  /** The numbers on groups change only where other places are shown. */
  private count({ isShown }: Symbols): void {
    if (isSame(isShown, this.counted)) return;
    this.counted = isShown;
    this.counts = this.groups.flatMap((group, number) => {
      const count = group.members.reduce((sum, place) => sum + isShown[place]!, 0);
      const [x, y] = [this.spots[number * FLOATS]!, this.spots[number * FLOATS + 1]!];
      return count > 1 ? [{ x, y, count }] : [];
    });
  }

  private write(symbols: Symbols, into: Uint32Array): void {
    this.groups.forEach((group, number) => symbolOfGroup(group, symbols, into, number * WORDS));
    for (const place of this.chosen) {
      const number = this.groups.findIndex((group) => group.members.includes(place));
      if (number >= 0) into[number * WORDS + 2]! |= RING.chosen << 8;
    }
  }
}

function sizeOf(group: Group): number {
  const count = group.members.length;
  if (group.isArea) return Math.min(AREA + 20, AREA + 7 * Math.log2(count));
  return count === 1 ? SMALLEST : Math.min(LARGEST, NUMBERED + 7 * Math.log2(count));
}
