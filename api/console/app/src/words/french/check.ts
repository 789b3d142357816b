import type { Words } from "../words";

export const check: Words["check"] = {
  title: "Vérifiez vous-même",
  intro:
    "Votre navigateur récupère l’entrée, les empreintes du journal et son point de contrôle signé, et calcule tout lui-même.",
  insecure:
    "Votre navigateur ne peut rien vérifier ici : la page est venue d’une autre machine par http, et les navigateurs ne vérifient des signatures que pour les pages en https ou de la machine elle-même. Ouvrez-la en https, ou vérifiez en ligne de commande :",
  steps: "Étapes de la vérification",
  notWithThis:
    "Rien n’a été vérifié : ce que vous avez écrit n’est pas une clé de vérification, et n’a pas été gardé. Corrigez-le ci-dessous.",
  running: "En cours …",
  again: "Vérifier de nouveau",
  verdicts: {
    passed: "L’entrée est dans le journal signé par qui détient votre clé.",
    told: "Le journal du serveur contient l’entrée. Pour savoir si c’est le bon journal, il faut sa clé, obtenue ailleurs.",
    open: "Rien n’est faux, autant que l’on a pu vérifier.",
  },
  tally: (passed, bounded, open) =>
    [
      `Étapes réussies : ${passed}`,
      ...(bounded ? [`réussies avec la clé que le serveur a donnée lui-même : ${bounded}`] : []),
      ...(open ? [`non vérifiées : ${open}`] : []),
    ].join(" ; ") + ".",
  failedAt: (step) => `Échec : « ${step} ».`,
  shown: "Valeurs",
  noSuchEvent: "Le registre ne contient pas cet événement.",
  otherEvent: (id) => `Le serveur répond par un autre événement que celui que vous vérifiez : ${id}. Rien n’a été vérifié.`,
  notTaken: "Le journal n’a pas encore repris cette entrée. Il le fait en moins d’une seconde ; vérifiez de nouveau.",
  outcomes: {
    running: "en cours",
    passed: "réussi",
    failed: "échec",
    open: "non vérifié",
    toldKey: "réussi, avec la clé que le serveur a donnée lui-même",
  },
  names: {
    checkpoint: "Le point de contrôle",
    signature: "Sa signature",
    entry: "L’entrée",
    inclusion: "L’entrée est dans le journal",
    content: "L’entrée dit ce que dit la page",
    memory: "Rien de ce que vous avez vu n’a été réécrit",
    witnesses: "Des témoins ont vu le même journal",
  },
  values: {
    log: "Journal",
    size: "Entrées",
    root: "Racine",
    note: "Point de contrôle",
    key: "Clé de vérification",
    keyBefore: "Clé donnée avant",
    leaf: "Rang, depuis 0",
    bytes: "Octets",
    leafHash: "Empreinte de l’entrée",
    proof: "Preuve",
    rootFound: "Racine calculée",
    rootSigned: "Racine signée",
    id: "Identifiant",
    idFound: "Identifiant calculé",
    countedAt: "Compte comme enregistrée le",
    entry: "Entrée",
    seenAt: "Vu le",
    sizeSeen: "Entrées alors",
    rootSeen: "Racine alors",
    noteSeen: "Point de contrôle alors",
    witness: "Témoin",
    sizeCosigned: "Entrées cosignées",
    rootCosigned: "Racine cosignée",
    noteCosigned: "Point de contrôle cosigné",
  },
  keys: {
    given: "Les clés que vous avez données",
    none: "Donner la clé de vérification du journal",
    log: "Clé de vérification du journal",
    help: "Demandez-la à qui exploite le nœud, par une autre voie que cette page. « tenure demo » et « tenure keygen » l’affichent. Ce navigateur la garde.",
    told: "Ce serveur donne :",
    witnesses: "Clés de vérification des témoins, une par ligne",
    keep: "Garder et vérifier",
    wrong: "Ce n’est pas la clé de vérification d’un journal.",
    forget: "Oublier ce que ce navigateur a vu …",
    forgetAsked:
      "Oublier les points de contrôle que garde ce navigateur ? Sans eux, il ne peut plus vous dire si le journal a été réécrit depuis.",
    forgetSure: "Les oublier",
    forgetNot: "Les garder",
    forgotten: "C’est oublié. La prochaine vérification sera la première.",
  },
  badTile: (path) => `Le serveur a donné autre chose que la tuile ${path}.`,
  unsigned:
    "Ce nœud ne signe rien : personne n’est donc tenu par ce qu’il dit. Le reste est vérifié autant qu’il peut l’être.",
  signsNoMore: (at) => `Le serveur n’a pas de point de contrôle. Le ${at}, ce navigateur en a vu un qui était signé.`,
  signsNothing: "Le serveur n’a pas de point de contrôle : rien n’est signé avec la clé que vous avez donnée.",
  noCheckpoint: "Ce que le serveur a donné n’est pas un point de contrôle.",
  notSigned: (size) => `Le point de contrôle compte ${size} entrées, et celle-ci est venue après.`,
  checkpoint: (log, size) => `Le journal ${log} comptait ${size} entrées lors de la signature.`,
  noSignature: "Il n’y a pas de signature à vérifier.",
  noEd25519:
    "Ce navigateur ne connaît pas Ed25519, avec quoi le journal est signé. Un navigateur plus récent le connaît.",
  noKey: "Il n’y a pas de clé de vérification : vous n’en avez pas donné, et le serveur non plus.",
  badKey: (key) => `Ce n’est pas la clé de vérification d’un journal : ${key}`,
  badWitnessKey: (key) => `Ce n’est pas la clé de vérification d’un témoin : ${key}`,
  otherKeyTold: (at) => `Le serveur donne une autre clé que celle donnée à ce navigateur le ${at}.`,
  signedByGiven: (name) => `Le point de contrôle est signé avec la clé de ${name} que vous avez donnée.`,
  signedByTold: (name) =>
    `Le point de contrôle est signé avec la clé de ${name}. Mais c’est le serveur lui-même qui a donné cette clé : cela montre seulement que serveur et journal concordent. Donnez la clé que vous tenez d’ailleurs.`,
  forged: (name) => `La signature au nom de ${name} n’a pas été faite avec sa clé.`,
  otherKey: (name, names) =>
    `Le point de contrôle ne porte pas de signature avec la clé de ${name} ; il est signé par ${names}.`,
  entriesAreForAuditors:
    "Le serveur ne montre les entrées qu’aux jetons de portée audit. La vérification continue avec l’empreinte de l’entrée que contient le journal.",
  entry: (index, bytes) => `L’entrée ${index} du journal a été lue : ${bytes} octets.`,
  included: (size) =>
    `À partir de l’entrée, la preuve mène à la racine qui a été signée sur les ${size} entrées.`,
  includedUnsigned: (size) =>
    `L’entrée est dans l’arbre de ${size} entrées que forment les empreintes du serveur. Personne n’en a signé la racine.`,
  entryDiffers: "L’entrée que le serveur a donnée n’est pas celle du journal.",
  tilesDiffer: "Les empreintes que le serveur a données ne mènent pas à la racine signée.",
  noContent: "L’entrée n’a pas été lue : on ne peut pas comparer ce qu’elle dit.",
  notCanonical: "L’entrée n’est pas du JSON sous forme canonique.",
  longEntry: (bytes) =>
    `L’entrée compte ${bytes} octets, trop pour les lots du journal, qui n’en contient que l’empreinte. Comparez-la avec un export.`,
  saysOtherwise: (what, page) =>
    `La page montre « ${page} » pour ${what}, et l’entrée ne le dit pas.`,
  otherId: "L’identifiant de l’entrée n’est pas celui de son contenu.",
  content:
    "Type, date, lieu, acteurs, rapport et crédibilité sont ceux de l’entrée, et l’identifiant est celui de son contenu. La phrase ci-dessus en a été tirée par le serveur : comparez-la avec l’entrée.",
  nothingToRemember:
    "Sans signature vérifiée il n’y a rien à comparer, et rien n’est gardé en mémoire.",
  first: (log) =>
    `Ce navigateur voit le journal ${log} pour la première fois. Il garde le point de contrôle, et le comparera la prochaine fois.`,
  firstBesideOthers: (log, others) =>
    `Ce navigateur voit le journal ${log} pour la première fois. À cette adresse il a vu un autre journal auparavant : ${others}. Demandez pourquoi le nom a changé.`,
  same: (at) => `C’est le journal que ce navigateur a vu le ${at}.`,
  continues: (at, more) =>
    `Le journal commence par tout ce que ce navigateur a vu le ${at} ; depuis, ${more} entrées s’y sont ajoutées.`,
  shorter: (seen, now) =>
    `Ce navigateur a vu ${seen} entrées de ce journal, qui n’en compte plus que ${now}.`,
  rewritten: (at) =>
    `Le journal ne commence pas par ce que ce navigateur a vu le ${at} : il a été réécrit.`,
  nothingToWitness: "Sans signature vérifiée il n’y a rien qu’un témoin puisse confirmer.",
  noWitnesses:
    "Vous n’avez donné la clé d’aucun témoin. Sans témoin, on peut montrer un autre journal à quelqu’un d’autre.",
  notCosigned: "Aucun témoin n’a cosigné de point de contrôle de ce journal.",
  fewWitnesses: (signed, all) => `Témoins ayant cosigné : ${signed} sur ${all} ; il en faut plus de la moitié.`,
  cosignedBefore: (size) =>
    `Les témoins ont cosigné les ${size} premières entrées ; de celle-ci, venue après, aucun n’a encore parlé.`,
  cosigned: (signed, all) =>
    `Témoins ayant cosigné un journal avec cette entrée : ${signed} sur ${all}. Le journal d’aujourd’hui concorde avec lui.`,
  witnessedOther: "Les témoins ont cosigné un autre journal que celui qui vous est montré.",
  means: {
    noAnswer: "Cela ne montre rien. Réessayez ; si cela dure, demandez à qui exploite le nœud.",
    notSigned:
      "Le nœud signe un instant après avoir enregistré. Vérifiez de nouveau ; si cela dure, le nœud ne signe plus.",
    signsNoMore:
      "Le nœud a perdu sa clé ou son journal, ou cache ce qui a été signé, ou un autre répond à sa place. Demandez à qui le tient.",
    badKey:
      "Une clé est une ligne : un nom, huit chiffres hexadécimaux et du base64, séparés par des signes plus. Copiez-la en entier.",
    otherKeyTold:
      "Soit la clé a été remplacée, soit quelqu’un d’autre répond à la place du nœud. Demandez la clé à qui l’exploite.",
    forged:
      "Le point de contrôle a été modifié après sa signature, ou fait par quelqu’un qui n’a pas la clé. Ne vous fiez pas à ce journal.",
    otherKey:
      "Soit la clé que vous avez donnée est celle d’un autre journal, soit le serveur montre un autre journal que celui que vous voulez vérifier.",
    entryDiffers:
      "L’entrée a été modifiée après son enregistrement : sur le serveur, ou en chemin. L’empreinte dans le journal est restée la bonne.",
    tilesDiffer:
      "Les empreintes du journal ont été modifiées ou endommagées : sur le serveur, ou en chemin. Rien n’est montré sur l’entrée tant qu’elles ne sont pas rétablies.",
    notCanonical: "Tenure n’écrit pas de telles entrées. Demandez à qui exploite le nœud.",
    saysOtherwise:
      "L’entrée est dans le journal, mais la page montre autre chose : les vues du serveur ont été modifiées, ou sont fausses. Croyez l’entrée.",
    otherId:
      "L’entrée a été modifiée avant que le journal la reprenne, ou une version de Tenure que cette page ne connaît pas l’a écrite.",
    shorter:
      "Des entrées ont été retirées, ou le nœud a été rétabli d’une copie plus ancienne, ou un autre nœud répond, qui est en retard. Gardez le point de contrôle ci-dessous : il est signé, et montre ce qu’il y avait.",
    rewritten:
      "Qui détient la clé a signé deux histoires. Les deux points de contrôle sont ci-dessous, avec leurs signatures : ensemble, ils le prouvent à tous. Gardez-les.",
    notCosigned:
      "Les témoins sont peut-être injoignables pour un moment, ou le nœud ne leur envoie rien.",
  },
  results: {
    failed: "La vérification s’est arrêtée là. Ne vous fiez pas à cet événement avant de savoir pourquoi.",
    shows: "Ce que cela montre",
    showsNot: "Ce que cela ne montre pas",
    more: "Ce qu’aucune vérification de ce genre ne montre",
    proves: {
      included: "Le journal signé avec votre clé contient l’entrée, intacte.",
      agree: "Serveur et journal concordent : le journal que signe ce serveur contient l’entrée.",
      unsigned: "L’entrée concorde avec les empreintes de ce serveur.",
      content: "La page montre ce que dit l’entrée.",
      memory: "Rien de ce que ce navigateur avait vu n’a été réécrit.",
      witnessed: "La plupart de vos témoins ont vu le même journal.",
    },
    provesNot: {
      key: "De qui est le journal : il y faut sa clé de vérification, obtenue ailleurs.",
      content: "Ce que dit l’entrée : elle n’a pas pu être lue en entier.",
      before: "Que rien n’a été réécrit avant ce jour.",
      others: "Que tous voient le même journal : il y faut des témoins.",
      truth: "Que le rapport est vrai.",
      counts: "Que l’entrée compte encore : elle a pu être retirée depuis.",
    },
    never: {
      all: "Que tout ce qui a été appris a été enregistré.",
      when: "Quand l’entrée a été enregistrée, et par qui : c’est la parole du nœud.",
      answer: "Qu’une réponse découle des entrées : « tenure replay » et « tenure verify-export » le montrent.",
      page: "Que cette page est honnête : c’est le serveur qui l’a envoyée. Si vous ne vous fiez pas au serveur, vérifiez avec « tenure verify-log » sur une machine à vous.",
    },
  },
};
