// What a person is about to record: it stays until it is recorded or thrown away, whatever is looked
// at meanwhile.
import { computed, signal } from "@preact/signals";
import type { StatementInput } from "../made/graphql";
import { CORRECTION, type Field, NEW_REPORT, NEW_SOURCE, REINSTATEMENT, RETRACTION, SCHEMA, fieldsOfEvent } from "./forms";
import { type Values, idFrom, inputOf, isEmpty, missing } from "./values";

/** What it is to be: an event, the correction of one, or the retraction or reinstatement of one. */
export type Purpose = { name: "record" } | { name: "correct" | "retract" | "reinstate"; event: string };

interface Draft {
  purpose: Purpose;
  /** The type of event, as the server names its field: "townSeized". */
  type: string;
  values: Values;
  /** Of all but a new event, what is said of the event. */
  about: Values;
  /** The report and the source that come along, where they are new. */
  report: Values | null;
  source: Values | null;
}

const NOTHING: Draft = {
  purpose: { name: "record" },
  type: "",
  values: {},
  about: {},
  report: null,
  source: null,
};

export const draft = signal<Draft>(NOTHING);

export interface Refused {
  code: string;
  message: string;
  field: string | null;
}

/** What the server said against it, until that is changed. */
export const refused = signal<Refused | null>(null);
/** Whether what is missing is shown: once it was tried to record. */
export const wasTried = signal(false);

export function change(part: Partial<Draft> | ((before: Draft) => Partial<Draft>)): void {
  const before = draft.peek();
  draft.value = { ...before, ...(typeof part === "function" ? part(before) : part) };
  refused.value = null;
}

export function begin(purpose: Purpose, part: Partial<Draft> = {}): void {
  draft.value = { ...NOTHING, purpose, ...part };
  refused.value = null;
  wasTried.value = false;
}

/** Begins an event at that place, unless another has been begun. */
export function beginAt(location: string): void {
  const { purpose, values } = draft.peek();
  if (purpose.name !== "record") begin({ name: "record" }, { values: { location } });
  else change({ values: { ...values, location } });
}

export const eventFields = computed<Field[]>(() => fieldsOfEvent(draft.value.type));

/** The fields of the purpose itself, and where they stand in the input. */
export const aboutFields = computed<Field[]>(() => {
  const fields = { record: [], correct: CORRECTION, retract: RETRACTION, reinstate: REINSTATEMENT };
  return fields[draft.value.purpose.name].filter((each) => each.names !== "EVENT");
});

const ABOUT_PATHS = {
  record: "",
  correct: "statement.correction.",
  retract: "statement.retraction.",
  reinstate: "statement.reinstatement.",
};

export const aboutPath = computed(() => ABOUT_PATHS[draft.value.purpose.name]);

/** Whether it says what happened, and not only whether an event counts. */
const saysEvent = computed(() => ["record", "correct"].includes(draft.value.purpose.name));

export const eventPath = computed(() => {
  const { purpose, type } = draft.value;
  if (!saysEvent.value) return "";
  return purpose.name === "correct" ? `statement.correction.corrected.${type}.` : `statement.event.${type}.`;
});

/** The id that a new report or source gets where none is typed. */
export const ids = computed(() => {
  const { report, source } = draft.value;
  const ofSource = text(source, "source") || idFrom(text(source, "name"));
  const by = source ? ofSource : text(report, "source");
  const ofReport = text(report, "report") || idFrom(by, text(report, "published"), text(report, "title"));
  return { source: ofSource, report: ofReport };
});

function text(values: Values | null, name: string): string {
  const value = values?.[name];
  return typeof value === "string" ? value.trim() : "";
}

/** The new report and source with their ids, and everything with the report that it cites. */
const whole = computed(() => {
  const { report, source, values, about } = draft.value;
  const id = ids.value;
  const cited: Values = report ? { report: id.report } : {};
  return {
    source: source && { ...source, source: id.source },
    report: report && { ...report, report: id.report, ...(source ? { source: id.source } : {}) },
    values: { ...values, ...(purposeCites.value === "values" ? cited : {}) },
    about: { ...about, ...(purposeCites.value === "about" ? cited : {}) },
  };
});

/** A new report says that something happened, or that what was recorded is wrong. */
const purposeCites = computed(() => (draft.value.purpose.name === "record" ? "values" : "about"));

/** The paths of what is still missing. */
export const lacks = computed<string[]>(() => {
  const { source, report, values, about } = whole.value;
  if (saysEvent.value && !draft.value.type) return ["type"];
  return [
    ...missing(aboutFields.value, about, SCHEMA, aboutPath.value),
    ...(saysEvent.value ? missing(eventFields.value, values, SCHEMA, eventPath.value) : []),
    ...(report ? missing(NEW_REPORT, report, SCHEMA, "report.") : []),
    ...(source ? missing(NEW_SOURCE, source, SCHEMA, "source.") : []),
  ];
});

/** The input of the server, once nothing is missing; else null. */
export const input = computed<StatementInput | null>(() => {
  if (lacks.value.length) return null;
  const { source, report, values, about } = whole.value;
  return {
    ...(source ? { source: inputOf(NEW_SOURCE, source, SCHEMA) } : {}),
    ...(report ? { report: inputOf(NEW_REPORT, report, SCHEMA) } : {}),
    statement: statement(draft.value, values, about),
  } as unknown as StatementInput;
});

function statement({ purpose, type }: Draft, values: Values, about: Values): object {
  const event = () => ({ [type]: inputOf(eventFields.value, values, SCHEMA) });
  if (purpose.name === "record") return { event: event() };
  const said = { ...inputOf(aboutFields.value, about, SCHEMA), event: purpose.event };
  if (purpose.name === "correct") return { correction: { ...said, corrected: event() } };
  return purpose.name === "retract" ? { retraction: said } : { reinstatement: said };
}

export const isBegun = computed(() => {
  const { type, values, about, report } = draft.value;
  return Boolean(type || report) || !isEmpty(values) || !isEmpty(about);
});
