// What the map shows of a place, and the rule that says so, in words.
import type { Look, Status } from "../server/columns";
import { isolated } from "./isolated";
import type { Words } from "./words";

export function inWords(look: Look, nameOf: (actor: string) => string, words: Words): string {
  const parts = [statusInWords(look.status, look.holders.map(nameOf), words)];
  if (!look.certain && look.status !== "UNKNOWN") parts.push(words.map.uncertain);
  if (look.disputed) parts.push(words.map.isDisputed);
  if (look.siege) parts.push(look.siege === "CERTAIN" ? words.map.siege : words.map.possibleSiege);
  return parts.join(", ");
}

/** As "held by FAMa and Wagner"; of a place that is contested or disputed by nobody who is named, as
 * "contested". */
export function statusInWords(status: Status, actors: readonly string[], words: Words): string {
  if (!actors.length) return words.map.statusAlone[status] ?? words.map.status[status];
  return `${words.map.status[status]} ${actors.map(isolated).join(words.page.and)}`;
}

/** The version of the rule of control, which the server names "rule 3". */
export function ruleInWords(rule: string, words: Words): string {
  return words.share.rule(rule.replace(/^rule /, ""));
}
