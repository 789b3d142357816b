// Where an actor came from and whom it belongs to, as a small graph: time from left to right, what
// it belongs to above, what belongs to it below. The same is told as a list.
import { PanelLink } from "../parts/panel_link";
import { words } from "../words/words";
import type { ActorAnswer } from "./actor";

const SIDES = ["predecessors", "successors", "parents", "coalitions", "members", "affiliates"] as const;
const BOX = { width: 104, height: 28 };
const WIDTH = 380;

interface Spot {
  slug: string;
  name: string;
  certain: boolean;
  x: number;
  y: number;
}

export function LineageGraph({ actor }: { actor: ActorAnswer }) {
  const said = words.value.actor;
  const { lineage } = actor;
  const sides = SIDES.filter((side) => lineage[side].length);
  if (!sides.length) return null;
  return (
    <section>
      <h3>{said.lineage}</h3>
      <Drawing actor={actor} />
      <dl class="lineage">
        {sides.map((side) => (
          <div key={side}>
            <dt>{said[side]}</dt>
            <dd>
              {lineage[side].map((kin, at) => (
                <span key={kin.actor.slug}>
                  {at > 0 && ", "}
                  <PanelLink to={{ name: "actor", of: kin.actor.slug }}>{kin.actor.name}</PanelLink>
                  {!kin.certain && ` (${words.value.map.uncertain})`}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Drawing({ actor }: { actor: ActorAnswer }) {
  const { lineage } = actor;
  const above = [...lineage.parents, ...lineage.coalitions];
  const below = [...lineage.members, ...lineage.affiliates];
  const middle = heightOf(above) + 20 + sideways(lineage);
  const left = column(lineage.predecessors, BOX.width / 2 + 2, middle);
  const right = column(lineage.successors, WIDTH - BOX.width / 2 - 2, middle);
  const top = rows(above, 18);
  const under = rows(below, middle + 56 + sideways(lineage));
  const height = Math.max(middle + 24, ...[...under, ...left, ...right].map((spot) => spot.y + 20));
  const own: Spot = { slug: actor.slug, name: actor.name, certain: true, x: WIDTH / 2, y: middle };
  const spots = [...left, ...right, ...top, ...under];
  return (
    <svg class="graph" viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
      {spots.map((spot) => (
        <line
          key={spot.slug}
          x1={own.x}
          y1={own.y}
          x2={spot.x}
          y2={spot.y}
          class={spot.certain ? "" : "unsure"}
        />
      ))}
      {[...spots, own].map((spot) => (
        <g key={spot.slug} class={spot === own ? "own" : ""} transform={`translate(${spot.x} ${spot.y})`}>
          <rect x={-BOX.width / 2} y={-BOX.height / 2} width={BOX.width} height={BOX.height} rx={5} />
          <text text-anchor="middle" dominant-baseline="central">
            {shortened(spot.name)}
          </text>
        </g>
      ))}
    </svg>
  );
}

type Kin = ActorAnswer["lineage"]["members"][number];

/** The room that rows of boxes take. */
const heightOf = (kin: readonly Kin[]): number => (kin.length ? 6 + Math.ceil(kin.length / ACROSS) * 36 : 0);

/** Half of the room that the taller column beside the actor takes beyond one box. */
function sideways(lineage: ActorAnswer["lineage"]): number {
  return (Math.max(1, lineage.predecessors.length, lineage.successors.length) - 1) * 18;
}

function column(kin: readonly Kin[], x: number, middle: number): Spot[] {
  return kin.map(({ actor, certain }, at) => ({
    ...actor,
    certain,
    x,
    y: middle + (at - (kin.length - 1) / 2) * 36,
  }));
}

const ACROSS = 3;

function rows(kin: readonly Kin[], first: number): Spot[] {
  return kin.map(({ actor, certain }, at) => {
    const inRow = Math.min(ACROSS, kin.length - Math.floor(at / ACROSS) * ACROSS);
    const x = WIDTH / 2 + ((at % ACROSS) - (inRow - 1) / 2) * (BOX.width + 16);
    return { ...actor, certain, x, y: first + Math.floor(at / ACROSS) * 36 };
  });
}

function shortened(name: string): string {
  return name.length > 15 ? `${name.slice(0, 14)}…` : name;
}
