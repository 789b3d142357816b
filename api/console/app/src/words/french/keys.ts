import type { Words } from "../words";

export const keys: Words["keys"] = {
  title: "Raccourcis",
  on: "Utiliser ces raccourcis",
  escape: "Fermer le volet",
  does: {
    before: "Au changement précédent",
    after: "Au changement suivant",
    play: "Lancer ou mettre en pause",
    search: "Rechercher",
    situation: "La page de situation",
    compare: "Comparer",
    whose: "Quelle parole compte",
    keys: "Ces raccourcis",
  },
};
