import type { Words } from "../words";

export const share: Words["share"] = {
  title: "Figer, citer, emporter",
  lead: (position) =>
    `Figée à une position du registre, la carte montre toujours la même chose, quoi qu’on enregistre ensuite. La position ${position} est le registre avec ses ${position} premières entrées.`,
  pin: (position) => `Figer à la position ${position}`,
  at: (moment) => (moment.length === 10 ? `à la fin du ${moment} (UTC)` : `à ${moment}`),
  known: "tout ce qui est connu à cette position",
  knownNow: "connu à ce jour",
  compared: (side) => `comparé avec : ${side}`,
  published: (moment) => `tel que publié au ${moment}`,
  recorded: (moment) => `tel qu’enregistré au ${moment}`,
  position: (position) => `position ${position} du registre`,
  according: (whose) => `selon ${whose}`,
  link: "Lien qui montrera toujours ceci",
  loopback:
    "Ce nœud n’est joignable que sur cette machine, et le lien aussi : pour que d’autres l’ouvrent, il faut servir le nœud à une adresse à lui.",
  wherever: "Il s’ouvre partout où ce nœud est joignable.",
  token: "Jeton, pour « tenure situation --token »",
  tokenOfRight: "Jeton du côté droit, pour « tenure situation --token »",
  tablesOfRight: "L’image a les deux côtés ; les tableaux ont celui de droite.",
  rule: (version) => `règle de contrôle, version ${version}`,
  cite: "Citation",
  citation: (basis, rule, link, day) =>
    `Tenure, qui contrôlait quoi, ${basis}${rule && ` ; ${rule}`}. ${link} (consulté le ${day}).`,
  copy: "Copier",
  copied: "Copié.",
  notCopied: "Le navigateur ne laisse pas la page copier ; sélectionnez le texte et copiez-le.",
  files: "Fichiers",
  credit: (whose) => `Carte : ${whose}`,
  picture: "Image (PNG)",
  pictureTitle: "Qui contrôlait quoi",
  csv: "Tableau (CSV)",
  geojson: "GeoJSON",
  print: "Imprimer",
};
