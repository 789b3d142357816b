// The signs of the map, each with what it means.
import { otherColumn } from "../state/situation";
import { words } from "../words/words";
import { SIGN_SHAPES, type Shape, type Sign } from "./sign_shapes";

export function Signs() {
  const isShown = (sign: string) => sign !== "differs" || otherColumn.value !== null;
  return (
    <ul class="signs">
      {Object.entries(SIGN_SHAPES).filter(([sign]) => isShown(sign)).map(([sign, shapes]) => (
        <li key={sign}>
          <svg viewBox="-8 -8 16 16" aria-hidden="true">
            <clipPath id={`inside-${sign}`}>
              <circle r="5" />
            </clipPath>
            {shapes.map((shape, number) => (
              <Drawn key={number} shape={shape} clip={`url(#inside-${sign})`} />
            ))}
          </svg>
          {words.value.map.sign[sign as Sign]}
        </li>
      ))}
    </ul>
  );
}

function Drawn({ shape, clip }: { shape: Shape; clip: string }) {
  const { radius, middle = [0, 0], path, text, line, opacity } = shape;
  const look = { class: line, fill: shape.fill ?? "none", opacity };
  if (text) {
    return (
      <text y="3.2" text-anchor="middle">
        {text}
      </text>
    );
  }
  if (path) return <path d={path} {...look} clip-path={shape.isClipped ? clip : undefined} />;
  return <circle cx={middle[0]} cy={middle[1]} r={radius} {...look} />;
}
