// What can be recorded, and with which fields: read from the server's schema when the page is built.
import type { Kind } from "../finder/finding";
import made from "../made/forms.json";

export interface Field {
  name: string;
  /** What it means, in the words of the schema. */
  about: string;
  /** The GraphQL type of a value, without lists. */
  type: string;
  is: "scalar" | "enum" | "input";
  /** How many lists are around a value. */
  depth: number;
  isRequired: boolean;
  /** Of an id, the kind of thing that it names; `registers` where the id is a new one. */
  names?: Kind;
  registers?: boolean;
}

interface Form {
  about: string;
  oneOf: boolean;
  fields: Field[];
}

const { inputs, enums } = made as unknown as {
  inputs: Record<string, Form>;
  enums: Record<string, { name: string; about: string }[]>;
};

export function formOf(input: string): Form {
  const form = inputs[input];
  if (!form) throw new Error(`The schema has no input ${input}.`);
  return form;
}

export function membersOf(type: string): { name: string; about: string }[] {
  return enums[type] ?? [];
}

function fieldOf(input: string, name: string): Field {
  const field = formOf(input).fields.find((each) => each.name === name);
  if (!field) throw new Error(`The input ${input} has no field ${name}.`);
  return field;
}

const STATEMENT = fieldOf("StatementInput", "statement").type;

/** The types of events that can be recorded, each a field of the input. */
export const EVENTS: Field[] = formOf(fieldOf(STATEMENT, "event").type).fields;
export const RETRACTION = formOf(fieldOf(STATEMENT, "retraction").type).fields;
export const REINSTATEMENT = formOf(fieldOf(STATEMENT, "reinstatement").type).fields;
/** Of a correction, what is said of the wrong event. */
export const CORRECTION = formOf(fieldOf(STATEMENT, "correction").type).fields.filter(
  (each) => each.is !== "input",
);
export const NEW_REPORT = formOf(fieldOf("StatementInput", "report").type).fields;
export const NEW_SOURCE = formOf(fieldOf("StatementInput", "source").type).fields;

/** "townSeized", of an event's type as the server names it. */
export function memberOf(type: string): string {
  return type.charAt(0).toLowerCase() + type.slice(1);
}

export function typeOf(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}

/** Its own fields first, and then those that all events have. */
export function fieldsOfEvent(member: string): Field[] {
  const found = EVENTS.find(({ name }) => name === member);
  const fields = found ? formOf(found.type).fields : [];
  const [own, shared] = [fields.filter((each) => !isShared(each)), fields.filter(isShared)];
  return [...own, ...shared];
}

function isShared({ name }: Field): boolean {
  return EVENTS.every(({ type }) => formOf(type).fields.some((each) => each.name === name));
}

/** The schema, for what is typed. */
export const SCHEMA = {
  fieldsOf: (input: string) => formOf(input).fields,
  membersOf: (type: string) => membersOf(type).map(({ name }) => name),
};
