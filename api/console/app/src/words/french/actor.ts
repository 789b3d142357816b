import type { Words } from "../words";

export const actor: Words["actor"] = {
  unknown: "Il n’y a pas d’acteur de ce nom.",
  kinds: {
    STATE_FORCE: "Force d’État",
    ARMED_GROUP: "Groupe armé",
    COALITION: "Coalition",
    MISSION: "Mission",
    PRIVATE_FORCE: "Force privée",
    STATE: "État",
    CIVILIANS: "Civils",
  },
  also: (names) => `aussi ${names}`,
  now: (name) => `aujourd’hui ${name}`,
  holds: (count) =>
    count === 0 ? "Ne tient aucun lieu" : count === 1 ? "Tient 1 lieu" : `Tient ${count} lieux`,
  with: (others) => `avec ${others}`,
  since: (day) => `depuis ${day}`,
  until: (day) => `jusqu’au ${day}`,
  allies: "Alliés",
  patrons: "S’appuie sur",
  sieges: "Assiège",
  missions: "Déployé",
  convoys: "Convois",
  phases: {
    MOVING: "en route",
    STALLED: "à l’arrêt",
    UNKNOWN: "position inconnue",
    ARRIVED: "arrivé",
  },
  haltedBy: (others) => `arrêté par ${others}`,
  lineage: "D’où il vient, et à qui il appartient",
  predecessors: "Issu de",
  successors: "Devenu",
  parents: "Appartient à",
  coalitions: "Dans les coalitions",
  members: "Membres",
  affiliates: "Affiliés",
  names: "Noms au fil du temps",
  curve: (most, first, last, isSampled) =>
    `Lieux tenus du ${first} au ${last}, au plus ${most}${isSampled ? " aux jours dessinés" : ""}`,
};
