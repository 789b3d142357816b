import type { Words } from "../words";

export const grades: Words["grades"] = {
  grade: (grade) => `Cotation ${grade}`,
  reliability: {
    A: "source totalement fiable",
    B: "source généralement fiable",
    C: "source assez fiable",
    D: "source peu fiable d’ordinaire",
    E: "source non fiable",
    F: "source dont la fiabilité ne peut être jugée",
  },
  credibility: [
    "confirmé par d’autres",
    "probablement vrai",
    "peut-être vrai",
    "douteux",
    "improbable",
    "véracité impossible à juger",
  ],
};
