import type { Words } from "../words";

export const whose: Words["whose"] = {
  title: "Quelle parole compte",
  lead: "La carte et tous les volets répondent d’après les paroles retenues ici.",
  everybody: "la parole de tous",
  left: (count) => (count === 1 ? "1 source écartée" : `${count} sources écartées`),
  atLeast: (grade) => `au moins ${grade}`,
  sources: "Sources",
  filter: "Filtrer les sources",
  further: "Autres sources",
  reset: "Laisser compter la parole de tous",
  reliability: "Fiabilité de la source, au moins",
  reliabilities: {
    A: "A, tout à fait fiable",
    B: "B, habituellement fiable",
    C: "C, assez fiable",
    D: "D, peu fiable",
    E: "E, non fiable",
    F: "F, non évaluée : toutes les sources comptent",
  },
  credibility: "Crédibilité de ce qui est dit, au moins",
  credibilities: {
    1: "1, confirmé",
    2: "2, probablement vrai",
    3: "3, peut-être vrai",
    4: "4, douteux",
    5: "5, improbable",
    6: "6, non évalué : tout compte",
  },
};
