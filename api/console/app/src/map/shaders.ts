// The shaders of the places. A point is a disc of shares of colour; an area is a cloud of dots
// without an edge, so that nobody takes it for a point. Hatched, hollow, ringed and faded as
// symbols.ts says.
//
// Without a graphics card every fragment takes every branch. So what is the same for a whole symbol
// is told by the vertices, points and areas have a program each, and an angle is near enough.

export const VERTICES = (colours: number): string => `#version 300 es
layout(location = 0) in vec3 spot;
layout(location = 1) in uvec4 colours;
layout(location = 2) in uvec4 shares;
layout(location = 3) in uvec4 style; // fill, ring, shape, opacity
uniform mat4 matrix;
uniform vec2 viewport;
uniform float density;
uniform vec3 palette[${colours}];
flat out vec3 ink0, ink1, ink2, ink3; // the colours of the shares
flat out vec4 bounds; // where each share ends, of a turn
flat out uint fill;
flat out float opacity;
flat out float radius; // device pixels
flat out vec4 stripes; // stripes in a device pixel in x and y; white below and above these shares
flat out vec3 rimDash; // dashes around the rim, the near ring, the siege ring; 0 where unbroken
flat out vec3 rings; // near, siege, chosen: 1 where there is one
out vec2 off; // device pixels from the middle
void main() {
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1) * 2.0 - 1.0;
  uint ring = style.y & 3u;
  fill = style.x;
  opacity = float(style.w) / 255.0;
  radius = spot.z * density * 0.5;
  rings = vec3(style.z == 2u, ring != 0u, style.y > 3u);
  float around = rings[2] > 0.0 ? 9.0 : rings[1] > 0.0 ? 7.0 : rings[0] > 0.0 ? 5.0 : 2.0;
  off = corner * (radius + around * density);

  ink0 = palette[colours[0]];
  ink1 = palette[colours[1]];
  ink2 = palette[colours[2]];
  ink3 = palette[colours[3]];
  float sum = 0.0;
  for (int part = 0; part < 4; part++) {
    float share = float(shares[part]) / 255.0;
    sum += share;
    // An end that no angle is below takes a share out.
    bounds[part] = share > 0.98 ? 2.0 : share > 0.0 ? sum + 0.012 : -1.0;
  }

  bool isHatched = fill == 1u, isDoubted = fill == 4u;
  stripes = isHatched ? vec4(vec2(2.0 / (9.0 * density)), 0.09, 0.91)
    : isDoubted ? vec4(vec2(1.0, -1.0) / (6.0 * density), 0.3, 2.0)
    : vec4(0.0, 0.0, -1.0, 2.0);
  bool isBroken = fill == 3u || (fill != 2u && opacity < 0.45);
  float turn = 6.2831853 * radius / density;
  rimDash = vec3(isBroken ? turn / 4.0 : 0.0, turn / 6.0, ring == 2u ? turn / 9.0 : 0.0);
  vec4 middle = matrix * vec4(spot.xy, 0.0, 1.0);
  gl_Position = style.w == 0u
    ? vec4(2.0, 2.0, 2.0, 1.0)
    : middle + vec4(off * 2.0 / viewport * middle.w, 0.0, 0.0);
}`;

const COMMON = `#version 300 es
precision highp float;
uniform float density;
uniform vec3 edgeInk;   // the edge of a symbol, against the map
uniform vec3 ground;    // around the edge, between symbols
uniform vec3 siegeInk;
flat in vec3 ink0, ink1, ink2, ink3;
flat in vec4 bounds;
flat in uint fill;
flat in float opacity;
flat in float radius;
flat in vec4 stripes;
flat in vec3 rimDash;
flat in vec3 rings;
in vec2 off;
out vec4 colour;
// The colour of the share at this part of a turn, and whether anybody holds it.
vec4 shareAt(float turned) {
  return turned < bounds[0] ? vec4(ink0, 1.0)
    : turned < bounds[1] ? vec4(ink1, 1.0)
    : turned < bounds[2] ? vec4(ink2, 1.0)
    : turned < bounds[3] ? vec4(ink3, 1.0)
    : vec4(0.0);
}
// The angle to the right of straight up, in turns; half a degree wrong at most.
float turnOf(vec2 at) {
  float part = abs(at.x) / (abs(at.x) + abs(at.y) + 1e-6);
  float quarter = part - 0.48 * part * (1.0 - part) * (1.0 - 2.0 * part);
  float right = at.y > 0.0 ? quarter : 2.0 - quarter;
  return 0.25 * (at.x > 0.0 ? right : 4.0 - right);
}
void over(vec3 ink, float cover) { colour = vec4(ink * cover, cover) + colour * (1.0 - cover); }
float edge(float distance, float at) { return clamp(at - distance + 0.5, 0.0, 1.0); }
float ringed(float distance, float inner, float outer) {
  return edge(distance, outer) - edge(distance, inner);
}
// Whether a ring of that many dashes is drawn here; one of none is unbroken.
float dashed(float turned, float count) {
  return count == 0.0 || fract(turned * count) >= 0.5 ? 1.0 : 0.0;
}
`;

export const POINTS = `${COMMON}
void main() {
  float distance = length(off);
  float turned = turnOf(off);
  float along = dot(off, stripes.xy);
  float line = fract(along);
  // Contested or disputed: broad stripes of all that contend, else slices.
  vec4 share = shareAt(fill == 1u ? fract(along * 0.5) : turned);
  vec3 ink = line < stripes.z || line > stripes.w ? vec3(1.0) : share.rgb;
  float cover = fill == 1u ? 1.0 : fill == 2u || fill == 3u ? 0.0 : share.a;
  float thin = 1.3 * density;
  float disc = edge(distance, radius);
  float rim = edge(distance, radius + thin);
  colour = vec4(ground * rim, rim);
  over(ink, disc * cover * opacity);
  over(edgeInk, (disc - edge(distance, radius - thin)) * dashed(turned, rimDash[0]));
  if (rings != vec3(0.0)) {
    float near = ringed(distance, radius + 3.2 * density, radius + 4.2 * density);
    over(edgeInk, rings[0] * near * 0.75 * dashed(turned, rimDash[1]));
    float siege = ringed(distance, radius + 3.5 * density, radius + 6.5 * density);
    over(siegeInk, rings[1] * siege * dashed(turned, rimDash[2]));
    over(edgeInk, rings[2] * ringed(distance, radius + 6.6 * density, radius + 8.6 * density));
  }
}`;

export const AREAS = `${COMMON}
void main() {
  float distance = length(off);
  float pitch = 6.0 * density;
  vec2 cell = floor(off / pitch) + 0.5;
  float toDot = length(off - cell * pitch);
  float middle = length(cell * pitch);
  vec4 share = shareAt(fill == 1u ? fract((cell.x + cell.y) * 0.25) : turnOf(cell));
  bool isEmpty = fill == 2u || fill == 3u || share.a == 0.0;
  float size = 2.2 * density;
  float fading = 1.0 - 0.55 * smoothstep(0.2 * radius, radius, middle);
  float inside = step(middle, radius);
  float rim = edge(toDot, size + 0.9 * density) * 0.6 * inside * fading;
  colour = vec4(ground * rim, rim);
  if (!isEmpty) over(share.rgb, edge(toDot, size) * inside * fading * max(opacity, 0.3));
  else over(edgeInk, ringed(toDot, size - density, size) * inside * (fill == 3u ? 0.45 : 0.9));
  if (fill == 4u) over(ground, edge(toDot, 0.9 * density) * inside);
  float siege = ringed(distance, radius + 3.5 * density, radius + 6.5 * density);
  over(siegeInk, rings[1] * siege * dashed(turnOf(off), rimDash[2]));
  over(edgeInk, rings[2] * ringed(distance, radius + 6.6 * density, radius + 8.6 * density));
}`;
