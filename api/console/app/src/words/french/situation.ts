import type { Words } from "../words";

export const situation: Words["situation"] = {
  title: "La situation",
  lately: "Rapporté sur",
  days: (count) => (count === 365 ? "un an" : `${count} jours`),
  notes: "Notes",
  event: "l’événement",
};
