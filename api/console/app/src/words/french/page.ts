import type { Words } from "../words";

export const page: Words["page"] = {
  title: "Qui contrôlait quoi",
  close: "Fermer",
  beside: "À côté de la carte",
  loading: "Lecture …",
  notLoaded: "La lecture a échoué ; réessayez.",
  unread: (parts) => `L’adresse n’a pas pu être lue en entier ; laissé de côté : ${parts}`,
  retry: "Réessayer",
  language: "Langue",
  and: " et ",
  line: { connecting: "connexion", live: "en direct", offline: "hors ligne : dernières données lues" },
  position: (shown, head) =>
    shown === head ? `${shown} entrées` : `${shown} entrées sur ${head}`,
  positionMeans: "Le registre gagne une entrée avec tout ce qu’on enregistre, et rien n’en sort. La position 3 est le registre avec ses 3 premières entrées.",
  lag: (entries) => `${entries} entrées de retard`,
  token: "Jeton",
  tokenWanted: "Ce serveur ne répond qu’avec un jeton.",
  useToken: "L’utiliser",
  menu: "Volets",
  situation: "Situation",
  compare: "Comparer",
  share: "Partager",
  keys: "Raccourcis",
  record: "Consigner",
  search: "Rechercher",
};
