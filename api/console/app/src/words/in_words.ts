// What the map shows of a place, and the rule that says so, in words.
import type { Look } from "../server/columns";
import type { Words } from "./words";

export function inWords(look: Look, nameOf: (actor: string) => string, words: Words): string {
  const holders = look.holders.map(nameOf).join(words.page.and);
  const parts = [[words.map.status[look.status], holders].filter(Boolean).join(" ")];
  if (!look.certain) parts.push(words.map.uncertain);
  if (look.disputed) parts.push(words.map.isDisputed);
  if (look.siege) parts.push(look.siege === "CERTAIN" ? words.map.siege : words.map.possibleSiege);
  return parts.join(", ");
}

/** The version of the rule of control, which the server names "rule 3". */
export function ruleInWords(rule: string, words: Words): string {
  return words.share.rule(rule.replace(/^rule /, ""));
}
