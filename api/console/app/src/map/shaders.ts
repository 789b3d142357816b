// The shaders of the places. A point is a disc of shares of colour; an area is a cloud of dots
// without an edge, so that nobody takes it for a point. Hatched, hollow, ringed and faded as
// symbols.ts says.

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
  radius = spot.z * density * 0.5;
  float around = style.y > 3u ? 9.0 : style.y > 0u ? 7.0 : style.z == 2u ? 5.0 : 2.0;
  off = corner * (radius + around * density);
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
uniform vec3 edgeInk;   // the edge of a symbol, against the map
uniform vec3 ground;    // around the edge, between symbols
uniform vec3 siegeInk;
flat in uvec4 itsColours;
flat in vec4 itsShares;
flat in uvec4 itsStyle;
flat in float radius;
in vec2 off;
out vec4 colour;
const float TURN = 6.2831853;
// Colour, and whether anybody holds the share of the disc at this angle.
vec4 shareAt(float turned) {
  if (itsShares[0] > 0.98) return vec4(palette[itsColours[0]], 1.0);
  float sum = 0.0;
  for (int part = 0; part < 4; part++) {
    sum += itsShares[part];
    if (turned < sum + 0.012 && itsShares[part] > 0.0) return vec4(palette[itsColours[part]], 1.0);
  }
  return vec4(1.0, 1.0, 1.0, 0.0);
}
void over(vec3 ink, float cover) { colour = vec4(ink * cover, cover) + colour * (1.0 - cover); }
float edge(float distance, float at) { return clamp(at - distance + 0.5, 0.0, 1.0); }
float ringed(float distance, float inner, float outer) {
  return edge(distance, outer) - edge(distance, inner);
}
float dashes(float along, float length) { return step(0.5, fract(along / length)); }

void point(uint fill, float distance, float angle, float opacity) {
  float around = angle * TURN * radius;
  float thin = 1.3 * density;
  vec4 share = shareAt(angle);
  vec3 ink = share.rgb;
  float cover = share.a;
  if (fill == 1u) { // contested or disputed: broad stripes of all that contend
    float at = fract((off.x + off.y) / (9.0 * density));
    ink = shareAt(at).rgb;
    float line = min(fract(at * 2.0), 1.0 - fract(at * 2.0));
    if (line < 0.09) ink = vec3(1.0);
    cover = 1.0;
  } else if (fill == 4u) { // held, and somebody disputes it: white lines
    float at = fract((off.x - off.y) / (6.0 * density));
    ink = at < 0.3 ? vec3(1.0) : ink;
  } else if (fill == 2u || fill == 3u) {
    cover = 0.0;
  }
  float disc = edge(distance, radius);
  over(ground, edge(distance, radius + thin));
  over(ink, disc * cover * opacity);
  float rim = disc - edge(distance, radius - thin);
  bool isBroken = fill == 3u || (fill != 2u && opacity < 0.45);
  over(edgeInk, rim * (isBroken ? dashes(around, 4.0 * density) : 1.0));
}

void area(uint fill, float distance, float angle, float opacity) {
  float pitch = 6.0 * density;
  vec2 cell = floor(off / pitch) + 0.5;
  float toDot = length(off - cell * pitch);
  float middle = length(cell * pitch);
  float turned = fract(atan(cell.x, cell.y) / TURN + 1.0);
  vec4 share = shareAt(fill == 1u ? fract((cell.x + cell.y) * 0.25) : turned);
  bool isEmpty = fill == 2u || fill == 3u || share.a == 0.0;
  float size = 2.2 * density;
  float fading = 1.0 - 0.55 * smoothstep(0.2 * radius, radius, middle);
  float inside = step(middle, radius);
  over(ground, edge(toDot, size + 0.9 * density) * 0.6 * inside * fading);
  if (!isEmpty) over(share.rgb, edge(toDot, size) * inside * fading * max(opacity, 0.3));
  else over(edgeInk, ringed(toDot, size - density, size) * inside * (fill == 3u ? 0.45 : 0.9));
  if (fill == 4u) over(ground, edge(toDot, 0.9 * density) * inside);
}

void main() {
  colour = vec4(0.0);
  uint fill = itsStyle.x, ring = itsStyle.y & 3u, shape = itsStyle.z;
  float distance = length(off);
  float opacity = float(itsStyle.w) / 255.0;
  // Most symbols are plain, and need no angle.
  bool isPlain = itsShares[0] > 0.98 && opacity >= 0.45 && fill != 3u && ring != 2u && shape != 2u;
  float angle = isPlain ? 0.0 : fract(atan(off.x, off.y) / TURN + 1.0);
  float around = angle * TURN * radius;
  if (shape == 1u) area(fill, distance, angle, opacity);
  else point(fill, distance, angle, opacity);
  if (shape == 2u) { // only near here: a broken circle around
    float halo = ringed(distance, radius + 3.2 * density, radius + 4.2 * density);
    over(edgeInk, halo * 0.75 * dashes(around, 6.0 * density));
  }
  if (ring != 0u) {
    float wide = ringed(distance, radius + 3.5 * density, radius + 6.5 * density);
    over(siegeInk, wide * (ring == 1u ? 1.0 : dashes(around, 9.0 * density)));
  }
  if ((itsStyle.y & 4u) != 0u) { // chosen or pointed at
    over(edgeInk, ringed(distance, radius + 6.6 * density, radius + 8.6 * density));
  }
  if (colour.a == 0.0) discard;
}`;
