// The programs of the graphics card that draw the places, their buffers and their colours.
import { linked } from "./linked";
import { type Inks, PALETTE, rgb } from "./palette";
import { AREAS, POINTS, VERTICES } from "./shaders";
import { Squares } from "./squares";

/** Floats of a spot: longitude and latitude in the square of Mercator, and pixels across. */
export const FLOATS = 3;

export interface Drawing {
  matrix: Iterable<number>;
  density: number;
  inks: Inks;
  /** Where each symbol stands, and how large it is: areas, then points. */
  spots: Float32Array;
  /** What each symbol looks like. */
  words: Uint32Array;
  /** How many of the symbols are areas. */
  areas: number;
  /** Whether spots or words are others than those drawn last. */
  isChanged: boolean;
}

const [SPOTS, WORDS] = [0, 1];

export class PlaceProgram {
  private readonly areas: WebGLProgram;
  private readonly points: WebGLProgram;
  private readonly squares: Squares;
  private readonly uniforms = new Map<WebGLProgram, Map<string, WebGLUniformLocation | null>>();
  private spots: Float32Array | null = null;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    words: number,
  ) {
    this.areas = linked(gl, VERTICES(PALETTE.length), AREAS);
    this.points = linked(gl, VERTICES(PALETTE.length), POINTS);
    this.squares = new Squares(gl, [
      { kind: "floats", each: FLOATS },
      { kind: "words", each: words },
    ]);
  }

  draw(drawing: Drawing): void {
    const { gl } = this;
    const { spots, words, areas, isChanged } = drawing;
    if (isChanged) {
      if (spots !== this.spots) this.squares.send(SPOTS, spots);
      this.spots = spots;
      this.squares.send(WORDS, words);
    }
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    this.use(this.areas, drawing);
    this.squares.draw(0, areas);
    this.use(this.points, drawing);
    this.squares.draw(areas, spots.length / FLOATS - areas);
  }

  remove(): void {
    this.gl.deleteProgram(this.areas);
    this.gl.deleteProgram(this.points);
    this.squares.remove();
  }

  private use(program: WebGLProgram, { matrix, density, inks }: Drawing): void {
    const { gl } = this;
    const at = (name: string) => this.at(program, name);
    gl.useProgram(program);
    gl.uniformMatrix4fv(at("matrix"), false, [...matrix]);
    gl.uniform2f(at("viewport"), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform1f(at("density"), density);
    gl.uniform3fv(at("palette"), PALETTE.flatMap(rgb));
    gl.uniform3fv(at("edgeInk"), rgb(inks.edge));
    gl.uniform3fv(at("ground"), rgb(inks.ground));
    gl.uniform3fv(at("siegeInk"), rgb(inks.siege));
  }

  private at(program: WebGLProgram, name: string): WebGLUniformLocation | null {
    const known = this.uniforms.get(program) ?? new Map<string, WebGLUniformLocation | null>();
    this.uniforms.set(program, known);
    if (!known.has(name)) known.set(name, this.gl.getUniformLocation(program, name));
    return known.get(name)!;
  }
}
