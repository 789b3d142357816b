// The shaders of the places. A symbol is a disc of shares of colour, an area a square with a broken
// edge; hatched, hollow, ringed and faded as symbols.ts says.

export const VERTICES = `#version 300 es
layout(location = 0) in vec3 spot;
layout(location = 1) in uvec4 colours;
layout(location = 2) in uvec4 shares;
layout(location = 3) in uvec4 style; // fill, ring, shape, opacity
uniform mat4 matrix;
uniform vec2 viewport;
uniform float density;
flat out uvec4 itsColours;
flat out vec4 itsShares;
flat out uvec4 itsStyle;
flat out float radius; // device pixels
out vec2 off; // device pixels from the middle
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  bool isArea = style.z == 1u;
  radius = spot.z * density * (isArea ? 1.1 : 0.5);
  float reach = radius + 8.0 * density;
  off = corner * reach;
  itsColours = colours;
  itsShares = vec4(shares) / 255.0;
  itsStyle = style;
  vec4 middle = matrix * vec4(spot.xy, 0.0, 1.0);
  gl_Position = style.w == 0u
    ? vec4(2.0, 2.0, 2.0, 1.0)
    : middle + vec4(off * 2.0 / viewport * middle.w, 0.0, 0.0);
}`;

export const FRAGMENTS = (colours: number): string => `#version 300 es
precision highp float;
uniform vec3 palette[${colours}];
uniform float density;
flat in uvec4 itsColours;
flat in vec4 itsShares;
flat in uvec4 itsStyle;
flat in float radius;
in vec2 off;
out vec4 colour;
const float TURN = 6.2831853;
// Colour, and whether anybody holds the share of the disc at this angle.
vec4 shareAt(float turned) {
  float sum = 0.0;
  for (int part = 0; part < 4; part++) {
    sum += itsShares[part];
    if (turned < sum + 0.012 && itsShares[part] > 0.0) return vec4(palette[itsColours[part]], 1.0);
  }
  return vec4(1.0, 1.0, 1.0, 0.0);
}
void over(vec3 ink, float cover) { colour = vec4(ink * cover, cover) + colour * (1.0 - cover); }
float edge(float distance, float at) { return clamp(at - distance + 0.5, 0.0, 1.0); }
float dashes(float along, float length) { return step(0.5, fract(along / length)); }
void main() {
  colour = vec4(0.0);
  uint fill = itsStyle.x, ring = itsStyle.y, shape = itsStyle.z;
  bool isArea = shape == 1u;
  float distance = isArea ? max(abs(off.x), abs(off.y)) : length(off);
  float angle = fract(atan(off.x, off.y) / TURN + 1.0);
  float around = angle * TURN * radius;
  float opacity = float(itsStyle.w) / 255.0;
  float thin = 1.5 * density;
  vec4 share = shareAt(angle);
  vec3 ink = share.rgb;
  float cover = share.a;
  if (fill == 1u) { // contested: stripes of all that contend
    float at = fract((off.x + off.y) / (7.0 * density));
    vec4 stripe = shareAt(at);
    ink = at < 0.12 ? vec3(1.0) : stripe.rgb;
    cover = 1.0;
  } else if (fill == 4u) { // held, and somebody disputes it: white lines
    float at = fract((off.x - off.y) / (6.0 * density));
    ink = at < 0.3 ? vec3(1.0) : ink;
  } else if (fill == 2u || fill == 3u) {
    ink = vec3(1.0);
    cover = 1.0;
  }
  float disc = edge(distance, radius);
  over(vec3(1.0), edge(distance, radius + thin) * 0.9 * (isArea ? 0.4 : 1.0));
  over(ink, disc * cover * opacity * (isArea ? 0.35 : 1.0));
  float rim = disc - edge(distance, radius - thin);
  vec3 dark = vec3(0.13);
  if (fill == 2u) over(dark, rim);
  else if (fill == 3u) over(vec3(0.45), rim * dashes(around, 4.0 * density));
  else if (isArea) over(ink * 0.7, rim * dashes(off.x + off.y, 8.0 * density));
  else over(ink * 0.55, rim * (opacity < 0.7 ? dashes(around, 5.0 * density) : 1.0));
  if (shape == 2u) { // only near here: a broken circle around
    float halo = edge(distance, radius + 4.0 * density) - edge(distance, radius + 3.0 * density);
    over(dark, halo * 0.6 * dashes(around, 6.0 * density));
  }
  if (ring != 0u) {
    float wide = edge(distance, radius + 6.5 * density) - edge(distance, radius + 4.0 * density);
    over(vec3(0.75, 0.0, 0.1), wide * (ring == 1u ? 1.0 : dashes(around, 7.0 * density)));
  }
}`;
