// What the map drew below the places, kept: while it stands still, another moment is drawn over the
// kept picture, and MapLibre draws nothing.

export class Backdrop {
  private readonly texture: WebGLTexture;
  private readonly frame: WebGLFramebuffer;
  private width = 0;
  private height = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.texture = gl.createTexture();
    this.frame = gl.createFramebuffer();
  }

  /** Keeps what is on the screen. */
  keep(): void {
    const gl = this.gl;
    this.fitScreen();
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this.frame);
    this.copy();
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Puts it on the screen again; false where it doesn't fit the screen. */
  put(): boolean {
    const gl = this.gl;
    if (this.width !== gl.drawingBufferWidth || this.height !== gl.drawingBufferHeight) return false;
    gl.disable(gl.SCISSOR_TEST);
    gl.colorMask(true, true, true, true);
    gl.viewport(0, 0, this.width, this.height);
    // Chromium empties a screen that was shown before the next drawing, but not before a copy.
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    this.copy();
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return true;
  }

  remove(): void {
    this.gl.deleteTexture(this.texture);
    this.gl.deleteFramebuffer(this.frame);
  }

  private copy(): void {
    const { gl, width, height } = this;
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  }

  private fitScreen(): void {
    const gl = this.gl;
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    if (width === this.width && height === this.height) return;
    [this.width, this.height] = [width, height];
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    const colour = gl.COLOR_ATTACHMENT0;
    gl.framebufferTexture2D(gl.FRAMEBUFFER, colour, gl.TEXTURE_2D, this.texture, 0);
  }
}
