import type { Words } from "../words";

const several = (count: number) => (count > 1 ? "s" : "");

export const place: Words["place"] = {
  kind: { TOWN: "Ville", BASE: "Base", REGION: "Région", ROUTE: "Route", SITE: "Site" },
  lies: " · ",
  alsoCalled: (names) => `Autres noms : ${names}`,
  answer: "La réponse",
  on: (moment) => `Au ${moment}`,
  corroborated: (count) =>
    count === 1 ? "1 source le dit" : `${count} sources indépendantes le disent`,
  corroboratedAsOther: (count, names) =>
    count === 1
      ? `1 source, qui ne nomme pas ${names}`
      : `${count} sources indépendantes, dont aucune ne nomme ${names}`,
  succeeded: (names) => `a succédé à ${names}`,
  mergedFrom: (names) => `a absorbé ${names}`,
  splitFrom: (names) => `issu d’une scission de ${names}`,
  publicOn: (moment) => `d’après ce qui était public le ${moment}`,
  recordedBy: (moment) => `d’après ce que nous savions le ${moment}`,
  upToEntry: (position) => `d’après ce qui est connu jusqu’à l’entrée ${position}`,
  carried: (moment, known) =>
    `Rien du ${moment} ne pouvait être connu le ${known} : ce que l’on savait alors est prolongé.`,
  sinceWhen: "Depuis",
  seenBy: "Constaté au plus tard",
  seen: "Constaté",
  untilWhen: "Changement suivant",
  lastHeard: "Dernière information",
  daysBefore: (days) => `${days} jour${several(days)} avant`,
  besiegedBy: "par",
  since: (when) => `depuis : ${when}`,
  leftOut: (count) =>
    count === 1
      ? "Une déclaration sur ce lieu ne compte pas, d’après les sources et les cotations choisies."
      : `${count} déclarations sur ce lieu ne comptent pas, d’après les sources et les cotations choisies.`,
  notPublic: (count) =>
    count === 1
      ? "Une déclaration sur ce lieu n’était pas encore publique."
      : `${count} déclarations sur ce lieu n’étaient pas encore publiques.`,
  leftOutOrNotPublic: (count) =>
    count === 1
      ? "Une déclaration sur ce lieu n’était pas encore publique, ou ne compte pas d’après les sources et les cotations choisies."
      : `${count} déclarations sur ce lieu n’étaient pas encore publiques, ou ne comptent pas d’après les sources et les cotations choisies.`,
  neverRecorded: "Rien de ce qui est enregistré ne dit qui tient ce lieu.",
  recordedLater: (position) =>
    `Rien de ce qui était alors enregistré ne disait qui le tient ; la première entrée qui le dit est la ${position}.`,
  nothingCounts:
    "Ce qui est enregistré à son sujet parle d’autres moments, a été retiré ou ne compte plus.",
  aroundIt: "Le lieu qui l’entoure,",
  byOthers: "(d’après des sources qui ne comptent pas en ce moment)",
  more: (actor) => `En savoir plus : ${actor}`,
  explanation: "Pourquoi nous le disons, en détail",
  known: "Connu",
  position: (position) => `entrée ${position}`,
  whose: "D’après qui",
  rule: "Règle de contrôle",
  token: "Jeton",
  timeline: "Au fil du temps",
  periods: (count) => `La même chose en liste (${count})`,
  aroundMoment: "Seules les périodes autour du moment sont listées.",
  fromTo: (from, to) => `du ${from} au ${to}`,
  fromOn: (from) => `à partir du ${from}`,
  upTo: (to) => `jusqu’au ${to}`,
  always: "en tout temps",
  disputeEnded: "N’est plus contesté :",
  evidence: "Preuves",
  rivals: "Qui la conteste",
  possible: "Également possible",
  asPartOf: (place) => `en tant que partie de : ${place}`,
  outweighed: (count) => `Écarté (${count})`,
  chronicle: "Ce qui s’est passé ici",
  earlier: "Événements antérieurs",
  later: "Événements ultérieurs",
  nothingEarlier: "Rien n’est rapporté jusqu’à ce moment.",
  nothingLater: "Rien n’est rapporté ensuite.",
  revisions: "Comment cette réponse a changé",
  revised: (moment, count) =>
    count === 0
      ? `Rien de ce qui est enregistré ne change la réponse pour le ${moment}.`
      : count === 1
      ? `La réponse pour le ${moment} n’a pas changé depuis le premier rapport.`
      : `La réponse pour le ${moment}, au fil des enregistrements :`,
  earlierChanges: (count) => (count < 2 ? `${count} changement antérieur` : `${count} changements antérieurs`),
  notKnown: "appris plus tard",
  takenBackSince: (count) =>
    count === 1 ? "Une déclaration à l’appui a été retirée depuis." : `${count} déclarations à l’appui ont été retirées depuis.`,
  takenBackIn: (position) => `Retiré à l’entrée ${position}`,
  none: "rien",
  noAnswer: "rien d’enregistré",
  then: "puis",
  around: "Dans ce lieu et autour",
  liesIn: "Il se trouve dans",
  inside: "Lieux qui s’y trouvent",
  nearest: "Les plus proches",
  onlyFirst: (count) => `Seuls les ${count} premiers sont affichés.`,
  away: (kilometres, direction) =>
    kilometres < 1 ? "au même endroit" : `${Math.round(kilometres)} km, ${direction}`,
  directions: ["nord", "nord-est", "est", "sud-est", "sud", "sud-ouest", "ouest", "nord-ouest"],
};
