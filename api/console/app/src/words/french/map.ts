import type { Words } from "../words";

export const map: Words["map"] = {
  map: "Carte du contrôle de chaque lieu",
  legend: "Qui tient combien de lieux",
  filter: "Filtrer par lieu ou acteur",
  more: (count) => `et ${count} autres ; filtrez pour les voir`,
  status: {
    HELD: "tenu par",
    CONTESTED: "disputé les armes à la main entre",
    VACANT: "tenu par personne",
    DISPUTED: "en litige entre",
    UNKNOWN: "inconnu",
  },
  uncertain: "incertain",
  isDisputed: "contesté",
  siege: "assiégé",
  possibleSiege: "peut-être assiégé",
};
