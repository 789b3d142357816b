import type { Words } from "../words";

export const times: Words["times"] = {
  both: "Les deux temps",
  moment: "Moment dans le monde",
  knowledge: "Ce que l’on savait",
  now: "Tout ce que l’on sait maintenant",
  published: "Publié au",
  recorded: "Enregistré chez nous au",
  together: "su ce jour-là",
  play: "Lancer",
  pause: "Mettre en pause",
  speed: "Vitesse de lecture",
  speeds: {
    all: "tout en 30 s",
    month: "mois / s",
    week: "semaine / s",
    day: "jour / s",
  },
  before: "Au changement précédent",
  after: "Au changement suivant",
  noMoment: "Écrivez un jour comme 2023-11-20 ou 20 nov. 2023, ou un instant comme 2023-11-20T18:00Z.",
  pinned: (position) => `Figé à la position ${position} du registre`,
  unpin: "Libérer",
};
