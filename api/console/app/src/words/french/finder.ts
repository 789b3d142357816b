// What the page says of fields that find things.
import type { Words } from "../words";

export const finder: Words["finder"] = {
  find: {
    LOCATION: "Saisissez un lieu",
    ACTOR: "Saisissez un acteur",
    SOURCE: "Saisissez une source",
    REPORT: "Saisissez un titre ou l’un de ses mots",
    EVENT: "Saisissez l’identifiant d’un événement",
  },
  nothingFound: "Rien ne porte ce nom.",
  remove: (name) => `${name} : en choisir un autre`,
  within: "Dans",
  everywhere: "partout",
};
