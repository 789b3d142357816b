import type { Words } from "../words";

export const page: Words["page"] = {
  title: "Qui contrôlait quoi",
  close: "Fermer",
  beside: "À côté de la carte",
  loading: "Lecture …",
  notLoaded: "La lecture a échoué ; réessayez.",
  retry: "Réessayer",
  language: "Langue",
  and: " et ",
};
