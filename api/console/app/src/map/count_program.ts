// Draws the number of places on each group of several: a square of the picture of ten digits for each
// digit.
import type { Inks } from "./palette";
import { linked } from "./linked";
import { Squares } from "./squares";

const FLOATS = 4; // longitude and latitude in the square of Mercator, pixels to the right, digit
const [WIDE, HIGH, ADVANCE] = [14, 18, 7.2]; // pixels

const VERTICES = `#version 300 es
layout(location = 0) in vec4 spot;
uniform mat4 matrix;
uniform vec2 viewport;
uniform float density;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1);
  vec2 off = vec2(spot.z, 0.0) + (corner - 0.5) * vec2(${WIDE}.0, ${HIGH}.0);
  at = vec2((spot.w + corner.x) / 10.0, 1.0 - corner.y);
  vec4 middle = matrix * vec4(spot.xy, 0.0, 1.0);
  vec2 pixels = floor((middle.xy / middle.w * 0.5 + 0.5) * viewport) + floor(off * density + 0.5);
  gl_Position = vec4(pixels / viewport * 2.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENTS = `#version 300 es
precision mediump float;
uniform sampler2D digits;
in vec2 at;
out vec4 colour;
void main() { colour = texture(digits, at); }`;

/** A number over a spot of the map. */
export interface Count {
  x: number;
  y: number;
  count: number;
}

export class CountProgram {
  private readonly program: WebGLProgram;
  private readonly squares: Squares;
  private readonly texture: WebGLTexture;
  private drawn: { counts: readonly Count[]; length: number } = { counts: [], length: 0 };
  private painted = "";

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = linked(gl, VERTICES, FRAGMENTS);
    this.squares = new Squares(gl, [{ kind: "floats", each: FLOATS }]);
    this.texture = gl.createTexture();
  }

  /** Blending is as the places left it. */
  draw(counts: readonly Count[], matrix: Iterable<number>, density: number, inks: Inks): void {
    if (!counts.length) return;
    const gl = this.gl;
    gl.useProgram(this.program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    this.paint(density, inks);
    if (counts !== this.drawn.counts) this.send(counts);
    const at = (name: string) => gl.getUniformLocation(this.program, name);
    gl.uniformMatrix4fv(at("matrix"), false, [...matrix]);
    gl.uniform2f(at("viewport"), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform1f(at("density"), density);
    gl.uniform1i(at("digits"), 0);
    this.squares.draw(0, this.drawn.length);
  }

  remove(): void {
    this.gl.deleteProgram(this.program);
    this.squares.remove();
    this.gl.deleteTexture(this.texture);
  }

  private send(counts: readonly Count[]): void {
    const spots = counts.flatMap(({ x, y, count }) => {
      const digits = String(count);
      return [...digits].flatMap((digit, at) => [
        x,
        y,
        (at - (digits.length - 1) / 2) * ADVANCE,
        Number(digit),
      ]);
    });
    this.squares.send(0, new Float32Array(spots));
    this.drawn = { counts, length: spots.length / FLOATS };
  }

  /** The picture of the digits in the colours of the page, made anew where those are others. */
  private paint(density: number, { edge, ground }: Inks): void {
    const wanted = `${density} ${edge}`;
    if (wanted === this.painted) return;
    this.painted = wanted;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [10 * WIDE * density, HIGH * density];
    const context = canvas.getContext("2d")!;
    context.scale(density, density);
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.2;
    [context.strokeStyle, context.fillStyle] = [ground, edge];
    for (let digit = 0; digit < 10; digit++) {
      context.strokeText(String(digit), (digit + 0.5) * WIDE, HIGH / 2 + 1);
      context.fillText(String(digit), (digit + 0.5) * WIDE, HIGH / 2 + 1);
    }
    const gl = this.gl;
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  }
}
