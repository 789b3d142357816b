// The program of the graphics card that draws the places, its buffers and its colours.
import { linked } from "./linked";
import { type Inks, PALETTE, rgb } from "./palette";
import { FRAGMENTS, VERTICES } from "./shaders";

export interface Drawing {
  matrix: Iterable<number>;
  density: number;
  inks: Inks;
  /** Where each symbol stands, and how large it is. */
  spots: Float32Array;
  /** What each symbol looks like. */
  words: Uint32Array;
  /** Whether spots or words are others than those drawn last. */
  isChanged: boolean;
}

export class PlaceProgram {
  private readonly program: WebGLProgram;
  private readonly array: WebGLVertexArrayObject;
  private readonly spots: WebGLBuffer;
  private readonly words: WebGLBuffer;
  private readonly uniforms = new Map<string, WebGLUniformLocation | null>();

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly floats: number,
    words: number,
  ) {
    this.program = linked(gl, VERTICES, FRAGMENTS(PALETTE.length));
    this.array = gl.createVertexArray();
    this.spots = gl.createBuffer();
    this.words = gl.createBuffer();
    this.describe(floats, words);
    gl.useProgram(this.program);
    gl.uniform3fv(this.at("palette"), PALETTE.flatMap(rgb));
  }

  draw({ matrix, density, inks, spots, words, isChanged }: Drawing): void {
    const gl = this.gl;
    if (isChanged) {
      this.send(this.spots, spots);
      this.send(this.words, words);
    }
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    gl.uniformMatrix4fv(this.at("matrix"), false, [...matrix]);
    gl.uniform2f(this.at("viewport"), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform1f(this.at("density"), density);
    gl.uniform3fv(this.at("edgeInk"), rgb(inks.edge));
    gl.uniform3fv(this.at("ground"), rgb(inks.ground));
    gl.uniform3fv(this.at("siegeInk"), rgb(inks.siege));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, spots.length / this.floats);
    gl.bindVertexArray(null);
  }

  remove(): void {
    this.gl.deleteProgram(this.program);
    this.gl.deleteVertexArray(this.array);
    this.gl.deleteBuffer(this.spots);
    this.gl.deleteBuffer(this.words);
  }

  private send(buffer: WebGLBuffer, values: Float32Array | Uint32Array): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, buffer);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, values, this.gl.DYNAMIC_DRAW);
  }

  private at(name: string): WebGLUniformLocation | null {
    if (!this.uniforms.has(name)) {
      this.uniforms.set(name, this.gl.getUniformLocation(this.program, name));
    }
    return this.uniforms.get(name)!;
  }

  private describe(floats: number, words: number): void {
    const gl = this.gl;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.spots);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, floats, gl.FLOAT, false, 4 * floats, 0);
    gl.vertexAttribDivisor(0, 1);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.words);
    for (let word = 0; word < words; word++) {
      gl.enableVertexAttribArray(1 + word);
      gl.vertexAttribIPointer(1 + word, 4, gl.UNSIGNED_BYTE, 4 * words, 4 * word);
      gl.vertexAttribDivisor(1 + word, 1);
    }
    gl.bindVertexArray(null);
  }
}
