import type { Words } from "../words";

export const share: Words["share"] = {
  title: "Figer, citer, emporter",
  lead: "Figée à une position du registre, la carte montre toujours la même chose, quoi qu’on enregistre ensuite.",
  pin: (position) => `Figer à la position ${position}`,
  at: (moment) => (moment.length === 10 ? `à la fin du ${moment} (UTC)` : `à ${moment}`),
  known: "tout ce qui est connu à cette position",
  compared: (side) => `comparé avec : ${side}`,
  published: (moment) => `tel que publié au ${moment}`,
  recorded: (moment) => `tel qu’enregistré au ${moment}`,
  position: (position) => `position ${position} du registre`,
  according: (whose) => `selon ${whose}`,
  link: "Lien qui montrera toujours ceci",
  token: "Jeton, pour « tenure situation --token »",
  cite: "Citation",
  citation: (basis, rule, link, day) =>
    `Tenure, qui contrôlait quoi, ${basis}${rule && ` ; ${rule}`}. ${link} (consulté le ${day}).`,
  copy: "Copier",
  copied: "Copié.",
  notCopied: "Le navigateur ne laisse pas la page copier ; sélectionnez le texte et copiez-le.",
  files: "Fichiers",
  picture: "Image (PNG)",
  pictureTitle: "Qui contrôlait quoi",
  csv: "Tableau (CSV)",
  geojson: "GeoJSON",
  print: "Imprimer",
};
