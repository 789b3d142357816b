// What the page says of the check of an event.

export const check = {
  title: "Check it yourself",
  intro:
    "Your browser fetches the entry, the hashes of the log and its signed checkpoint, and computes everything itself.",
  insecure:
    "Your browser can't check here: the page came over http from another machine, and browsers verify signatures only for pages from https or from the machine itself. Open it over https, or check on the command line:",
  steps: "Steps of the check",
  notWithThis: "Nothing was checked: what you typed is no verifier key, and was not kept. Put it right below.",
  running: "Working …",
  again: "Check again",
  verdicts: {
    passed: "The entry is in the log that the holder of your key signed.",
    told: "The server’s own log holds the entry. That it is the right log takes its key from elsewhere.",
    open: "Nothing is wrong, as far as this could be checked.",
  },
  tally: (passed: number, bounded: number, open: number) =>
    [
      `${passed} steps passed`,
      ...(bounded ? [`${bounded} passed with the key that the server itself told`] : []),
      ...(open ? [`${open} not checked`] : []),
    ].join(", ") + ".",
  failedAt: (step: string) => `Failed: “${step}”.`,
  shown: "Values",
  noSuchEvent: "There is no such event in the ledger.",
  otherEvent: (id: string) => `The server answers with another event than the one that you check: ${id}. Nothing was checked.`,
  notTaken: "The log has not taken this entry in yet. It does so within a second; check again.",
  outcomes: {
    running: "running",
    passed: "passed",
    failed: "failed",
    open: "not checked",
    toldKey: "passed, with the key that the server itself told",
  },
  names: {
    checkpoint: "The checkpoint",
    signature: "Its signature",
    entry: "The entry",
    inclusion: "The entry is in the log",
    content: "The entry says what the page says",
    memory: "Nothing you saw before was rewritten",
    witnesses: "Witnesses saw the same log",
  },
  values: {
    log: "Log",
    size: "Entries",
    root: "Root",
    note: "Checkpoint",
    key: "Verifier key",
    keyBefore: "Key told before",
    leaf: "Number, from 0",
    bytes: "Bytes",
    leafHash: "Hash of the entry",
    proof: "Proof",
    rootFound: "Root computed",
    rootSigned: "Root signed",
    id: "Id",
    idFound: "Id computed",
    countedAt: "Counts as recorded on",
    entry: "Entry",
    seenAt: "Seen on",
    sizeSeen: "Entries then",
    rootSeen: "Root then",
    noteSeen: "Checkpoint then",
    witness: "Witness",
    sizeCosigned: "Entries cosigned",
    rootCosigned: "Root cosigned",
    noteCosigned: "Checkpoint cosigned",
  },
  keys: {
    given: "Keys that you gave",
    none: "Give the verifier key of the log",
    log: "Verifier key of the log",
    help: "Take it from whoever runs the node, by another way than this page. “tenure demo” and “tenure keygen” print it. This browser keeps it.",
    told: "This server tells:",
    witnesses: "Verifier keys of witnesses, each on a line",
    keep: "Keep and check",
    wrong: "This is no verifier key of a log.",
    forget: "Forget what this browser saw …",
    forgetAsked:
      "Forget the checkpoints that this browser remembers? Without them it can’t tell you whether the log was rewritten since.",
    forgetSure: "Forget them",
    forgetNot: "Keep them",
    forgotten: "Forgotten. The next check is the first one.",
  },
  badTile: (path: string) => `The server gave something else than the tile ${path}.`,
  unsigned: "This node signs nothing, so nobody is held to what it says. The rest is checked as far as it can be.",
  signsNoMore: (at: string) => `The server has no checkpoint. On ${at} this browser saw one that was signed.`,
  signsNothing: "The server has no checkpoint, so nothing is signed with the key that you gave.",
  noCheckpoint: "What the server gave is no checkpoint.",
  notSigned: (size: number) => `The checkpoint has ${size} entries, and this one came later.`,
  checkpoint: (log: string, size: number) => `The log ${log} had ${size} entries when it was signed.`,
  noSignature: "There is no signature to check.",
  noEd25519: "This browser doesn't know Ed25519, with which the log is signed. A newer one does.",
  noKey: "There is no verifier key: you gave none, and the server tells none.",
  badKey: (key: string) => `This is no verifier key of a log: ${key}`,
  badWitnessKey: (key: string) => `This is no verifier key of a witness: ${key}`,
  otherKeyTold: (at: string) => `The server tells another key than it told this browser on ${at}.`,
  signedByGiven: (name: string) => `The checkpoint was signed with the key of ${name} that you gave.`,
  signedByTold: (name: string) =>
    `The checkpoint was signed with the key of ${name}. But the server itself told this key: that only shows that server and log agree. Give the key that you have from elsewhere.`,
  forged: (name: string) => `The signature under the name ${name} was not made with its key.`,
  otherKey: (name: string, names: string) =>
    `The checkpoint bears no signature with the key of ${name}; it is signed by ${names}.`,
  entriesAreForAuditors:
    "The server shows entries only to tokens with the scope audit. The check goes on with the hash of the entry that the log has.",
  entry: (index: number, bytes: number) => `Entry ${index} of the log was read: ${bytes} bytes.`,
  included: (size: number) =>
    `From the entry, the proof leads to the root that was signed over all ${size} entries.`,
  includedUnsigned: (size: number) =>
    `The entry is in the tree of ${size} entries that the server's hashes make. Nobody signed its root.`,
  entryDiffers: "The entry that the server gave is not the one in the log.",
  tilesDiffer: "The hashes that the server gave don't lead to the root that was signed.",
  noContent: "The entry was not read, so what it says can't be compared.",
  notCanonical: "The entry is no JSON in canonical form.",
  longEntry: (bytes: number) =>
    `The entry has ${bytes} bytes, too many for the log's bundles; the log holds its hash. Compare it with an export.`,
  saysOtherwise: (what: string, page: string) =>
    `The page shows “${page}” as ${what}, and the entry doesn't say so.`,
  otherId: "The id of the entry is not that of its content.",
  content:
    "Type, time, place, actors, report and credibility are those of the entry, and the id is that of its content. The sentence above was made from them by the server: compare it with the entry.",
  nothingToRemember: "Without a checked signature there is nothing to compare, and nothing is remembered.",
  first: (log: string) =>
    `This browser sees the log ${log} for the first time. It remembers the checkpoint, and compares it the next time.`,
  firstBesideOthers: (log: string, others: string) =>
    `This browser sees the log ${log} for the first time. At this address it saw another log before: ${others}. Ask why the name changed.`,
  same: (at: string) => `It is the log that this browser saw on ${at}.`,
  continues: (at: string, more: number) =>
    `The log begins with all that this browser saw on ${at}; ${more} entries came since.`,
  shorter: (seen: number, now: number) =>
    `This browser saw ${seen} entries of this log, and now it has ${now}.`,
  rewritten: (at: string) => `The log doesn't begin with what this browser saw on ${at}: it was rewritten.`,
  nothingToWitness: "Without a checked signature there is nothing that a witness could confirm.",
  noWitnesses: "You gave no key of a witness. Without one, somebody else may be shown another log.",
  notCosigned: "No witness has cosigned a checkpoint of this log.",
  fewWitnesses: (signed: number, all: number) =>
    `${signed} of ${all} witnesses cosigned; more than half are needed.`,
  cosignedBefore: (size: number) =>
    `The witnesses cosigned the first ${size} entries; of this one, which came later, none has spoken yet.`,
  cosigned: (signed: number, all: number) =>
    `${signed} of ${all} witnesses cosigned a log with this entry, and today's log agrees with it.`,
  witnessedOther: "The witnesses cosigned another log than the one that you are shown.",
  means: {
    noAnswer: "Nothing is shown by that. Try again; if it stays so, ask whoever runs the node.",
    notSigned: "The node signs a moment after it records. Check again; if it stays so, the node has stopped signing.",
    signsNoMore:
      "The node lost its key or its log, or hides what was signed, or somebody else answers in its place. Ask whoever runs it.",
    badKey: "A key is one line: a name, eight hexadecimal digits and base64, with plus signs between. Copy it whole.",
    otherKeyTold:
      "Either the key was replaced, or somebody else answers in place of the node. Ask whoever runs it for the key.",
    forged: "The checkpoint was altered after it was signed, or made by somebody without the key. Don't rely on this log.",
    otherKey:
      "Either the key that you gave is of another log, or the server shows another log than the one that you mean to check.",
    entryDiffers:
      "The entry was altered after it was recorded: on the server, or on its way to you. The hash in the log is still the right one.",
    tilesDiffer:
      "The hashes of the log were altered or damaged: on the server, or on their way to you. Nothing is shown about the entry until they are put right.",
    notCanonical: "Tenure writes no such entries. Ask whoever runs the node.",
    saysOtherwise:
      "The entry is in the log, but the page shows something else: the views of the server were altered, or are wrong. Believe the entry.",
    otherId:
      "The entry was altered before the log took it in, or a version of Tenure wrote it that this page doesn't know.",
    shorter:
      "Entries were taken away, or the node was put back from an older copy, or another node answers that lags behind. Keep the checkpoint below: it is signed, and shows what was there.",
    rewritten:
      "Whoever holds the key signed two histories. Both checkpoints are below, with their signatures: together they prove it to everybody. Keep them.",
    notCosigned: "The witnesses may be out of reach for a while, or the node sends them nothing.",
  },
  results: {
    failed: "The check ended there. Don't rely on this event until you know why.",
    shows: "What this shows",
    showsNot: "What this does not show",
    more: "What no check of this kind shows",
    proves: {
      included: "The log that was signed with your key holds the entry, unaltered.",
      agree: "Server and log agree: the log that this server signs holds the entry.",
      unsigned: "The entry agrees with the hashes of this server.",
      content: "The page shows what the entry says.",
      memory: "Nothing that this browser saw before was rewritten.",
      witnessed: "Most of your witnesses saw the same log.",
    },
    provesNot: {
      key: "Whose log it is: that takes its verifier key from elsewhere.",
      content: "What the entry says: it could not be read whole.",
      before: "That nothing was rewritten before today.",
      others: "That everybody is shown the same log: that takes witnesses.",
      truth: "That the report is true.",
      counts: "That it still counts: it may have been taken back since.",
    },
    never: {
      all: "That all that was heard was recorded.",
      when: "When it was recorded, and by whom: that is the word of the node.",
      answer: "That an answer follows from the entries: “tenure replay” and “tenure verify-export” show that.",
      page: "That this page is honest: the server sent it. If you don't trust the server, check with “tenure verify-log” on a machine of yours.",
    },
  },
};
