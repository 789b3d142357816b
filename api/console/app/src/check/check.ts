// Checks one event against the log of the server, in this browser: the order of the steps.
import type { Words } from "../words/words";
import { contentOf } from "./content_step";
import { entryOf } from "./entry_step";
import { inclusionOf } from "./inclusion_step";
import { memoryOf, rememberSound } from "./memory_step";
import { type Subject, askSubject } from "./server";
import { checkpointOf, signatureOf } from "./signature_step";
import { Fails, type Found, type Name, type Step } from "./steps";
import { BadTile } from "./tiles";
import { witnessesOf } from "./witness_step";

/** The keys that a person gave, as text. */
export interface Keys {
  log: string;
  witnesses: string;
}

/** What was checked so far. */
export interface Check {
  subject: Subject | null;
  steps: Step[];
  isRunning: boolean;
  /** What kept the check from beginning. */
  problem: ((said: Words["check"]) => string) | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Runs all steps; `show` hears of every change. */
export async function check(
  id: string,
  keys: Keys,
  show: (check: Check) => void,
  signal: AbortSignal,
): Promise<void> {
  const now: Check = { subject: null, steps: [], isRunning: true, problem: null };
  const tell = (change: Partial<Check>) => {
    Object.assign(now, change);
    if (!signal.aborted) show({ ...now });
  };
  const run = async <Result>(name: Name, step: () => Promise<[Found, Result]>) => {
    const before = now.steps;
    const running: Step = { name, outcome: "running", says: (said) => said.running };
    tell({ steps: [...before, running] });
    const [found, result] = await step();
    tell({ steps: [...before, { name, ...found }] });
    return result;
  };
  try {
    const subject = await askSubject(id, signal);
    tell({ subject });
    if (!subject) return tell({ isRunning: false, problem: (said) => said.noSuchEvent });
    if (UUID.test(id) && subject.told.id !== id) {
      return tell({ isRunning: false, problem: (said) => said.otherEvent(subject.told.id) });
    }
    if (!subject.leaf) return tell({ isRunning: false, problem: (said) => said.notTaken });
    await allSteps(subject, subject.leaf, keys, run, signal);
  } catch (error) {
    const last = now.steps.at(-1);
    const found = foundIn(error as Error);
    if (!last) tell({ problem: found.says });
    else tell({ steps: [...now.steps.slice(0, -1), { name: last.name, ...found }] });
  }
  tell({ isRunning: false });
}

type Run = <Result>(name: Name, step: () => Promise<[Found, Result]>) => Promise<Result>;

async function allSteps(
  subject: Subject,
  leaf: { index: number; size: number },
  keys: Keys,
  run: Run,
  signal: AbortSignal,
): Promise<void> {
  const signed = await run("checkpoint", () => checkpointOf(leaf.index, keys.log, signal));
  const key = await run("signature", () => signatureOf(signed, keys.log, subject.toldKey));
  const size = signed?.checkpoint.size ?? leaf.size;
  const bytes = await run("entry", () => entryOf(leaf.index, size, signal));
  await run("inclusion", () => inclusionOf(leaf.index, size, bytes, signed, signal));
  await run("content", () => contentOf(bytes, subject.told));
  await run("memory", () => memoryOf(signed, key, signal));
  await run("witnesses", () => witnessesOf(leaf.index, signed, key, keys.witnesses, signal));
  if (signed && key && !signal.aborted) rememberSound(signed, key);
}

/** What an error says: a step's own finding, a tile that is none, or the server's no. */
function foundIn(error: Error): Found {
  if (error instanceof Fails) return error.found;
  const says =
    error instanceof BadTile
      ? (said: Words["check"]) => said.badTile(error.message)
      : () => error.message;
  return { outcome: "failed", says, means: (said) => said.means.noAnswer };
}
