// What is new on the server: each change of control moves the map on, as long as it shows all that
// is known. Tells whether the server is heard, and how far its answers lag behind its records.
import { computed, effect, signal } from "@preact/signals";
import { TerminatedCloseEvent, createClient } from "graphql-ws";
import { graphql } from "../made";
import { Refusal, answered, idOf, token } from "../server/ask";
import { readAgain } from "./news";
import { shown } from "./shown";
import { column, problem, refresh } from "./situation";

const CHANGES = graphql(`
  subscription LiveChanges($after: Int) {
    eventRecorded(after: $after) { position }
  }
`);

export type Line = "connecting" | "live" | "offline";
export const line = signal<Line>("connecting");
/** The position of the latest entry that the server told of. */
export const head = signal<number | null>(null);
/** Entries that the answers of the node don't take into account yet. */
export const lag = signal(0);

const [LONGEST_PAUSE, REFUSED_PAUSE] = [15_000, 3_000];
const ASKED_EACH = 20_000;

function listen(): () => void {
  let isStopped = false;
  const client = createClient({
    url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    connectionParams: () => (token.peek() ? { Authorization: `Bearer ${token.peek()}` } : {}),
    retryAttempts: Number.POSITIVE_INFINITY,
    // What the connection failed with, not our own code.
    shouldRetry: (failure) => failure instanceof Event || failure instanceof TerminatedCloseEvent,
    // The client wants a text of each operation; ours are known by their digests.
    jsonMessageReplacer: (key, value) => (key === "query" ? undefined : value),
    retryWait: (attempts) => pause(Math.min(LONGEST_PAUSE, 500 * 2 ** attempts)),
    on: {
      connected: () => {
        if (line.peek() === "offline") readAgain();
        line.value = "live";
        later(); // what came while nobody listened
      },
      closed: () => {
        if (!isStopped) line.value = "offline";
      },
    },
  });
  const variables = {
    get after() {
      return head.peek();
    },
  };
  const payload = { query: "", documentId: idOf(CHANGES), variables };
  let stop = () => {};
  let beginning: number | undefined;
  const begin = () => {
    stop = client.subscribe<{ eventRecorded: { position: number } }>(payload, {
      next: ({ data }) => {
        if (!data) return;
        head.value = data.eventRecorded.position;
        later();
      },
      error: () => end(),
      complete: () => end(),
    });
  };
  // The server did not take it, as where a ledger was put back and has no such position any more.
  const end = () => {
    if (isStopped) return;
    line.value = "offline";
    head.value = null;
    beginning = window.setTimeout(begin, REFUSED_PAUSE);
  };
  begin();
  // A connection without a network may seem open for minutes.
  const leave = () => client.terminate();
  window.addEventListener("offline", leave);
  return () => {
    isStopped = true;
    clearTimeout(beginning);
    window.removeEventListener("offline", leave);
    stop();
    void client.dispose();
  };
}

// Many entries come at once when a file is recorded: the map is read anew after the last of them.
let waiting: number | undefined;
function later(milliseconds = 250): void {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    if (isFollowing.peek()) refresh();
    void readLag();
  }, milliseconds);
}

const isFollowing = computed(() => shown.value.position === null && shown.value.knowledge.by !== "recorded");
const [BEHIND_PAUSE, FIRST_PAUSE] = [2_000, 4_000];

/** Asks again while nothing could be read yet, and that may pass: the node is not there, is busy, or
 * has not come to the position that the page is pinned to. */
const waitForFirst = () =>
  effect(() => {
    if (isMapRead.value || !(problem.value instanceof Refusal)) return;
    const { status } = problem.value;
    const mayPass = status === 0 || status >= 500 || (status === 400 && shown.peek().position !== null);
    if (mayPass) window.setTimeout(refresh, FIRST_PAUSE);
  });

/** Asks again for as long as the answers of the node are behind what it told of. */
const followBehind = () =>
  effect(() => {
    const read = column.value?.position;
    if (isFollowing.value && read !== undefined && head.value !== null && read < head.value) later(BEHIND_PAUSE);
  });

async function readLag(): Promise<void> {
  try {
    const told = (await (await answered("/readyz")).json()) as {
      position?: number;
      views?: Record<string, { lag: number }>;
    };
    lag.value = Math.max(0, ...Object.values(told.views ?? {}).map((view) => view.lag));
  } catch {
    lag.value = 0;
  }
}

/** Until so many milliseconds have passed, or the browser is online again. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });
}

const isMapRead = computed(() => column.value !== null);

/** Begins to listen once the map is there, and again with another token. */
export function goLive(): () => void {
  let stop = () => {};
  const stopFollowing = effect(() => {
    void token.value;
    if (!isMapRead.value) return;
    head.value = column.peek()!.position;
    stop();
    stop = listen();
  });
  const stopsAsking = [followBehind(), waitForFirst()];
  const timer = setInterval(() => void readLag(), ASKED_EACH);
  void readLag();
  return () => {
    stopFollowing();
    for (const each of stopsAsking) each();
    stop();
    clearInterval(timer);
  };
}
