// The check of an event, step by step: each says what it found, with its values. A step that fails
// ends the check.
import type { Words } from "../words/words";

export type Name =
  | "checkpoint"
  | "signature"
  | "entry"
  | "inclusion"
  | "content"
  | "memory"
  | "witnesses";

/** "open": it could not be asked, so nothing is shown either way. */
export type Outcome = "running" | "passed" | "failed" | "open";

export interface Value {
  label: keyof Words["check"]["values"];
  value: string;
  /** Shown short, or folded, until a person opens it. */
  kind: "short" | "hash" | "text";
}

/** What a step found, in any language. */
export interface Found {
  outcome: Outcome;
  says: (said: Words["check"]) => string;
  /** What a step that passed was held to less than it should be by. */
  but?: (said: Words["check"]) => string;
  values?: Value[];
  /** What a failure may mean. */
  means?: (said: Words["check"]) => string;
}

export interface Step extends Found {
  name: Name;
}

/** Ends the check, with what was found. */
export class Fails extends Error {
  constructor(readonly found: Found) {
    super("the check fails");
  }
}

type Say = Found["says"];

export function passed(says: Say, ...values: Value[]): Found {
  return { outcome: "passed", says, values };
}

export function open(says: Say, ...values: Value[]): Found {
  return { outcome: "open", says, values };
}

export function failed(says: Say, means: Say, ...values: Value[]): Fails {
  return new Fails({ outcome: "failed", says, means, values });
}

export function hash(label: Value["label"], value: string): Value {
  return { label, value, kind: "hash" };
}

export function short(label: Value["label"], value: string | number): Value {
  return { label, value: String(value), kind: "short" };
}

export function text(label: Value["label"], value: string): Value {
  return { label, value, kind: "text" };
}
