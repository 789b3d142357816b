// The arguments that say which records and whose words count, as GraphQL and the map take them.
import type { PerspectiveInput } from "../made/graphql";
import type { Knowledge, Shown, Words } from "./address";

export interface Basis {
  knownAt?: string;
  position?: number;
  perspective?: PerspectiveInput;
}

export function basisOf(asked: Pick<Shown, "knowledge" | "words" | "position">): Basis {
  const basis: Basis = {};
  const perspective = perspectiveOf(asked.words, asked.knowledge);
  if (perspective) basis.perspective = perspective;
  if (asked.position !== null) basis.position = asked.position;
  else if (asked.knowledge.by === "recorded") basis.knownAt = asked.knowledge.at;
  return basis;
}

/** The position that the other side of a comparison is pinned to along with the page; none where that
 * side says itself what had been recorded. */
export function otherPosition({ other, position }: Pick<Shown, "other" | "position">): number | null {
  return other.knowledge.by === "recorded" ? null : position;
}

export function perspectiveOf(words: Words, knowledge: Knowledge): PerspectiveInput | undefined {
  const perspective: PerspectiveInput = {};
  if (words.without.length) perspective.excludeSources = [...words.without];
  if (words.reliability !== "F") {
    perspective.minReliability = words.reliability as NonNullable<PerspectiveInput["minReliability"]>;
  }
  if (words.credibility !== 6) perspective.minCredibility = words.credibility;
  if (knowledge.by === "published") perspective.publishedBy = knowledge.at;
  return Object.keys(perspective).length ? perspective : undefined;
}

/** The same as parameters of the paths under /map. */
export function basisInUrl(basis: Basis): URLSearchParams {
  const said = new URLSearchParams();
  if (basis.knownAt) said.set("knownAt", basis.knownAt);
  if (basis.position !== undefined) said.set("position", String(basis.position));
  const { excludeSources, minReliability, minCredibility, publishedBy } = basis.perspective ?? {};
  for (const source of excludeSources ?? []) said.append("excludeSources", String(source));
  if (minReliability) said.set("minReliability", minReliability);
  if (minCredibility) said.set("minCredibility", String(minCredibility));
  if (publishedBy) said.set("publishedBy", publishedBy);
  return said;
}
