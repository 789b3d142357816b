// What the page shows now: one signal, which the address follows and the back button sets.
import { computed, signal } from "@preact/signals";
import { type Panel, type Shown, isCompared, readAddress, unreadIn, writeAddress } from "./address";
import { dayAt, dayNumber, dayOf, today } from "./days";

const asked = () => readAddress(location.search, dayOf(Date.now()));

export const shown = signal<Shown>(asked());
/** What the address says and could not be read, until something else is shown. */
export const unread = signal(unreadIn(location.search));
/** True where the address named a moment, so that the page does not choose one itself. */
export const isAsked = new URLSearchParams(location.search).has("at");

/** Whether the two times are one: what was known on each day about that same day. */
export const movesTogether = signal(false);

export const at = computed(() => shown.value.at);
export const panel = computed(() => shown.value.panel);

/** Shows something else of it. A step that a person would go back from gets an entry in the
 * history; a slider's does not. */
export function show(change: Partial<Shown>, isStep = false): void {
  shown.value = { ...shown.value, ...change };
  if (!("view" in change)) unread.value = [];
  const address = location.pathname + writeAddress(shown.value);
  if (isStep) history.pushState(null, "", address);
  else keepLater(address);
}

export function open(panel: Panel): void {
  show({ panel, isComparisonShared: isCompared(shown.peek()) }, true);
}

/** What is shared stays, a comparison too. */
const otherAtFirst = shown.peek().other;
const YEAR = 365;

/** Opens the comparison. Its other side is what was public of the moment when it was, or the year
 * before, as long as nobody chose one. */
export function compare(): void {
  const { at, other } = shown.peek();
  const isChosen = other !== otherAtFirst || new URLSearchParams(location.search).has("with");
  if (isChosen) return open({ name: "compare" });
  const day = dayNumber(at);
  const isLate = day > today() - YEAR / 2;
  const earlier: Shown["other"] = isLate
    ? { at: dayAt(day - YEAR), knowledge: { by: "now" } }
    : { at, knowledge: { by: "published", at: dayAt(day) } };
  show({ panel: { name: "compare" }, other: earlier }, true);
}

export function close(): void {
  const isShared = panel.peek().name === "share" && isCompared(shown.peek());
  show({ panel: { name: isShared ? "compare" : "none" } }, true);
}

// Browsers refuse more than a hundred changes of the address in half a minute.
let waiting: number | undefined;
function keepLater(address: string): void {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => history.replaceState(null, "", address), 300);
}

window.addEventListener("popstate", () => {
  clearTimeout(waiting);
  shown.value = asked();
  unread.value = unreadIn(location.search);
});
