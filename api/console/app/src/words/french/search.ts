import type { Words } from "../words";

export const search: Words["search"] = {
  label: "Chercher des lieux, des acteurs, des sources, des rapports et des événements",
  placeholder: "Tout chercher",
  found: "Résultats",
  all: (text) => `Tous les résultats pour « ${text} »`,
  count: (count) => (count > 1 ? `${count} résultats` : `${count} résultat`),
  results: (text) => `Résultats pour « ${text} »`,
  nothing: "Rien ne porte un tel nom. Une autre graphie, ou moins de mots, en trouvera peut-être plus.",
  refine: (count) => `Seuls les ${count} premiers sont affichés ; ajoutez des mots pour préciser.`,
  kinds: {
    places: "Lieux",
    actors: "Acteurs",
    sources: "Sources",
    reports: "Rapports",
    events: "Événements",
  },
  actorKind: {
    STATE_FORCE: "force d’un État",
    ARMED_GROUP: "groupe armé",
    COALITION: "coalition",
    MISSION: "mission",
    PRIVATE_FORCE: "force privée",
    STATE: "État",
    CIVILIANS: "civils",
  },
};
