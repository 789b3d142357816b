import type { Words } from "../words";

export const compare: Words["compare"] = {
  title: "Comparer",
  lead: "Ce que montre la carte, à côté d’un autre moment ou d’un autre état du savoir. Les lieux qui diffèrent ont un halo jaune.",
  left: "À gauche de la ligne",
  right: "À droite de la ligne",
  moment: "Moment à gauche de la ligne",
  setBelow: "Les deux temps sous la carte règlent ce côté.",
  share: "Partager cette comparaison",
  exchange: "Échanger les côtés",
  swipe: "Ligne entre les côtés",
  swiped: (share) => `le côté gauche sur ${share} % de la carte`,
  then: "puis",
  found: (count) =>
    count === 0
      ? "Les deux disent la même chose de tous les lieux."
      : count === 1
        ? "Les deux diffèrent sur 1 lieu."
        : `Les deux diffèrent sur ${count} lieux.`,
  counts: (left, right) => `à gauche ${left}, à droite ${right}`,
  onLeft: (look) => `À gauche : ${look}`,
  onRight: (look) => `À droite : ${look}`,
};
