import type { Words } from "../words";

export const situation: Words["situation"] = {
  title: "La situation",
  within: "Dans",
  everywhere: "partout",
  lately: "Rapporté sur",
  days: (count) => (count === 365 ? "un an" : `${count} jours`),
  ask: "Afficher",
  notes: "Notes",
  event: "l’événement",
};
