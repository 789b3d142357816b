import type { Words } from "../words";

export const times: Words["times"] = {
  moment: "Moment dans le monde",
  knowledge: "Ce que l’on savait",
  now: "Tout ce que l’on sait maintenant",
  published: "Public au",
  recorded: "Su par nous au",
  play: "Lancer",
  pause: "Pause",
  before: "Au changement précédent",
  after: "Au changement suivant",
};
