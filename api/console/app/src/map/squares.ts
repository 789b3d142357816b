// Squares of the graphics card, each with numbers of its own. They are no instances: where there is
// no graphics card, every instance costs as much as a drawing of its own.

/** Numbers of each square: floats, or words of four bytes that a shader reads as `uvec4`. */
export interface Stream {
  kind: "floats" | "words";
  /** How many of them a square has. */
  each: number;
}

const CORNERS = 4;
const TRIANGLES = [0, 1, 2, 2, 1, 3];

export class Squares {
  private readonly array: WebGLVertexArrayObject;
  private readonly buffers: WebGLBuffer[];
  private readonly indices: WebGLBuffer;
  private indexed = 0;

  /** A shader finds floats in one attribute, and each word in one; the corner is `gl_VertexID & 3`. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly streams: readonly Stream[],
  ) {
    this.array = gl.createVertexArray();
    this.indices = gl.createBuffer();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indices);
    let location = 0;
    this.buffers = streams.map(({ kind, each }) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      if (kind === "floats") {
        gl.vertexAttribPointer(location, each, gl.FLOAT, false, 4 * each, 0);
        gl.enableVertexAttribArray(location++);
      } else {
        for (let word = 0; word < each; word++) {
          gl.vertexAttribIPointer(location, 4, gl.UNSIGNED_BYTE, 4 * each, 4 * word);
          gl.enableVertexAttribArray(location++);
        }
      }
      return buffer;
    });
    gl.bindVertexArray(null);
  }

  /** Sends the numbers of one stream, for all squares. */
  send(stream: number, values: Float32Array | Uint32Array): void {
    const { gl } = this;
    const { each } = this.streams[stream]!;
    const its = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const corners = new Uint32Array(values.length * CORNERS);
    for (let from = 0, to = 0; from < its.length; from += each) {
      for (let corner = 0; corner < CORNERS; corner++) {
        for (let at = 0; at < each; at++) corners[to++] = its[from + at]!;
      }
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[stream]!);
    gl.bufferData(gl.ARRAY_BUFFER, corners, gl.DYNAMIC_DRAW);
    this.index(its.length / each);
  }

  /** Draws some of the squares with the program in use. */
  draw(first: number, count: number): void {
    if (!count) return;
    const { gl } = this;
    const each = TRIANGLES.length;
    gl.bindVertexArray(this.array);
    gl.drawElements(gl.TRIANGLES, count * each, gl.UNSIGNED_INT, first * each * 4);
    gl.bindVertexArray(null);
  }

  remove(): void {
    this.gl.deleteVertexArray(this.array);
    for (const buffer of [...this.buffers, this.indices]) this.gl.deleteBuffer(buffer);
  }

  private index(count: number): void {
    if (count <= this.indexed) return;
    const { gl } = this;
    this.indexed = count;
    const indices = new Uint32Array(count * TRIANGLES.length);
    for (let square = 0, to = 0; square < count; square++) {
      for (const corner of TRIANGLES) indices[to++] = square * CORNERS + corner;
    }
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indices);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
    gl.bindVertexArray(null);
  }
}
