import type { Words } from "../words";

export const compare: Words["compare"] = {
  title: "Comparer",
  lead: "Ce que montre la carte, à côté d’un autre moment ou d’un autre état du savoir.",
  other: "L’autre côté",
  moment: "Moment de l’autre côté",
  exchange: "Échanger les côtés",
  swipe: "Ligne entre les côtés",
  swiped: (share) => `l’autre côté sur ${share} % de la carte`,
  then: "puis",
  found: (count) =>
    count === 0
      ? "Les deux disent la même chose de tous les lieux."
      : count === 1
        ? "Les deux diffèrent sur 1 lieu."
        : `Les deux diffèrent sur ${count} lieux.`,
};
