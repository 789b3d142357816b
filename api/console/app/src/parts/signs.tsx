// The signs of the map, each drawn as shaders.ts draws it, with what it means.
import type { ComponentChildren } from "preact";
import { PALETTE } from "../map/palette";
import { words } from "../words/words";

const [, ONE, OTHER] = PALETTE;

export function Signs() {
  const said = words.value.map.sign;
  const disc = (fill: string) => <circle class="edge" r="5" fill={fill} />;
  return (
    <ul class="signs">
      <Sign means={said.shared}>
        {disc(ONE)}
        <path d="M0-5A5 5 0 0 1 0 5Z" fill={OTHER} />
        <circle class="edge" r="5" fill="none" />
      </Sign>
      <Sign means={said.contested}>
        <clipPath id="disc">
          <circle r="5" />
        </clipPath>
        <g clip-path="url(#disc)">
          {disc(ONE)}
          <path d="M-8 3 3-8h4L-8 7ZM-4 9 9-4v5L1 9Z" fill={OTHER} stroke="#fff" stroke-width=".6" />
        </g>
        <circle class="edge" r="5" fill="none" />
      </Sign>
      <Sign means={said.disputed}>
        {disc(ONE)}
        <path d="M-4.5-1.5 1.5 4.5M-3.5-3.5 3.5 3.5M-1.5-4.5 4.5 1.5" stroke="#fff" stroke-width="1.1" />
      </Sign>
      <Sign means={said.siege}>
        {disc(ONE)}
        <circle class="siege" r="7.2" />
      </Sign>
      <Sign means={said.vacant}>{disc("none")}</Sign>
      <Sign means={said.unknown}>
        <circle class="edge broken" r="5" fill="none" />
      </Sign>
      <Sign means={said.faded}>
        <circle r="5" fill={ONE} opacity=".4" />
        <circle class="edge broken" r="5" fill="none" />
      </Sign>
      <Sign means={said.near}>
        <circle class="edge" r="3.6" fill={ONE} />
        <circle class="edge broken" r="6.6" fill="none" />
      </Sign>
      <Sign means={said.area}>
        {[-6, -3, 0, 3, 6].flatMap((x) =>
          [-6, -3, 0, 3, 6].map(
            (y) => x * x + y * y < 56 && <circle key={`${x},${y}`} cx={x} cy={y} r="1.1" fill={ONE} />,
          ),
        )}
      </Sign>
      <Sign means={said.group}>
        <circle class="edge" r="7" fill={ONE} />
        <path d="M0 0V-7A7 7 0 0 1 0 7Z" fill={OTHER} />
        <text y="3.2" text-anchor="middle">
          9
        </text>
      </Sign>
    </ul>
  );
}

function Sign({ means, children }: { means: string; children: ComponentChildren }) {
  return (
    <li>
      <svg viewBox="-8 -8 16 16" aria-hidden="true">
        {children}
      </svg>
      {means}
    </li>
  );
}
