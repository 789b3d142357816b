// What was typed into a form, as an input of the server, and back from what is recorded.
import type { Field } from "./forms";

/** What stands in a field: a text, the ids of a list, a list of such lists, or further fields. */
export type Typed = string | boolean | string[] | string[][] | Values;
export interface Values {
  [name: string]: Typed;
}
/** What the fields of inputs, and the members of enumerations, are. */
export interface Schema {
  fieldsOf: (input: string) => Field[];
  membersOf: (type: string) => string[];
}

export function isEmpty(value: Typed | undefined): boolean {
  if (value === undefined || value === "" || value === false) return true;
  if (typeof value === "string") return !value.trim();
  if (Array.isArray(value)) return value.every((each) => isEmpty(each));
  return value !== true && Object.values(value).every(isEmpty);
}

/** The input of the fields; what is empty is left out. */
export function inputOf(fields: Field[], values: Values, schema: Schema): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined || isEmpty(value)) continue;
    input[field.name] = inputOfField(field, value, schema);
  }
  return input;
}

function inputOfField(field: Field, value: Typed, schema: Schema): unknown {
  if (field.is === "input") return inputOf(schema.fieldsOf(field.type), value as Values, schema);
  if (!Array.isArray(value)) {
    const isOfList = field.depth > 0 && typeof value === "string";
    return isOfList ? value.split(",").map((each) => scalar(field, each) ?? null) : scalar(field, value);
  }
  const lists = value.filter((each) => !isEmpty(each));
  return lists.map((each) => (Array.isArray(each) ? each.filter(Boolean) : each));
}

const NUMBERS = new Set(["Int", "Count", "Float"]);

function scalar(field: Field, value: Typed): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (!text) return undefined;
  // What is no number is left to the server to refuse, in its own words.
  return NUMBERS.has(field.type) && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The paths of required fields in which nothing stands. */
export function missing(fields: Field[], values: Values, schema: Schema, within = ""): string[] {
  return fields.flatMap((field) => {
    const path = `${within}${field.name}`;
    const value = values[field.name];
    if (isEmpty(value)) return field.isRequired ? [path] : [];
    if (field.is !== "input") return [];
    return missing(schema.fieldsOf(field.type), value as Values, schema, `${path}.`);
  });
}

/** What stands in the fields of an event as it is recorded: JSON in the words of situation files. */
export function valuesIn(fields: Field[], content: Record<string, unknown>, schema: Schema): Values {
  const values: Values = {};
  for (const field of fields) {
    const recorded = content[recordedName(field.name)];
    if (recorded === undefined || recorded === null) continue;
    values[field.name] = valueOf(field, recorded, schema);
  }
  return values;
}

function valueOf(field: Field, recorded: unknown, schema: Schema): Typed {
  if (field.is === "input") {
    return valuesIn(schema.fieldsOf(field.type), recorded as Record<string, unknown>, schema);
  }
  if (Array.isArray(recorded)) {
    if (!field.names) return recorded.map((each) => each ?? "").join(", ");
    return recorded as string[] | string[][];
  }
  if (typeof recorded === "boolean") return recorded;
  return field.is === "enum" ? member(String(recorded), schema.membersOf(field.type)) : String(recorded);
}

/** The member that is recorded in that word, which may be longer than its name. */
function member(recorded: string, members: string[]): string {
  const word = recorded.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  const named = members.filter((each) => word.startsWith(each));
  return named.sort((one, other) => other.length - one.length)[0] ?? "";
}

/** "taken_from", of the field "takenFrom". */
function recordedName(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** An id as ids are written: small letters, digits and hyphens. */
export function idFrom(...parts: string[]): string {
  const plain = parts.filter(Boolean).join(" ").normalize("NFKD").replace(/\p{M}/gu, "");
  const id = plain.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60);
  return id.replace(/^-+|-+$/g, "");
}
