import type { Words } from "../words";

export const page: Words["page"] = {
  title: "Qui contrôlait quoi",
  close: "Fermer",
  loading: "Lecture …",
  notLoaded: "La lecture a échoué ; réessayez.",
  retry: "Réessayer",
  language: "Langue",
  and: " et ",
};
