import type { Words } from "../words";

export const times: Words["times"] = {
  both: "Les deux temps",
  moment: "Moment dans le monde",
  knowledge: "Ce que l’on savait",
  now: "Tout ce que l’on sait maintenant",
  published: "Publié au",
  recorded: "Enregistré chez nous au",
  together: "déplacer les deux ensemble",
  play: "Lancer",
  pause: "Mettre en pause",
  before: "Au changement précédent",
  after: "Au changement suivant",
  noMoment: "Écrivez un jour comme 2023-11-20, ou un instant comme 2023-11-20T18:00Z.",
  pinned: (position) => `Figé à la position ${position} du registre`,
  unpin: "Libérer",
  notRecorded: (day) => `Rien n’était enregistré avant le ${day}.`,
  notPublished: (day) => `Rien n’était public avant le ${day}.`,
  nothingYet: "Rien n’est encore enregistré.",
  goToFirst: "Aller à ce jour",
  between: (first, last) => `entre le ${first} et le ${last}`,
};
