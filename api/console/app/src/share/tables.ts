// The map of the moment as a table: CSV as RFC 4180 has it, with the basis in columns of its own.
import type { Column, Places } from "../server/columns";
import { NEVER } from "../server/columns";
import { dayAt } from "../state/days";

const COLUMNS = [
  "id",
  "name",
  "kind",
  "latitude",
  "longitude",
  "status",
  "holders",
  "certain",
  "disputed",
  "siege",
  "last_heard",
  "at",
  "position",
  "known",
] as const;

/** `known` says in words what was known; places of which nobody speaks are left out. */
export function csvOf(places: Places, column: Column, known: string): string {
  const rows: unknown[][] = [[...COLUMNS]];
  places.id.forEach((id, place) => {
    const look = column.looks[column.numbers[place]!]!;
    if (!look.told) return;
    const heard = column.lastHeard[place]!;
    rows.push([
      id,
      places.name[place],
      places.kind[place],
      places.latitude[place],
      places.longitude[place],
      look.status,
      look.holders.join(" "),
      look.certain,
      look.disputed,
      look.siege,
      heard === NEVER ? null : dayAt(heard),
      column.at,
      column.position,
      known,
    ]);
  });
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  // A spreadsheet takes a text that begins so for a formula; numbers keep their sign.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
