// Keys for the whole page. They can be switched off, for those whose voice types letters.
import { signal } from "@preact/signals";
import { stepToChange } from "../state/dates";
import { close, compare, open, panel } from "../state/shown";
import { focusSearch } from "../panels/search/search_box";
import { togglePlay } from "./player";

export const areKeysOn = signal(localStorage.getItem("keys") !== "off");
areKeysOn.subscribe((on) => localStorage.setItem("keys", on ? "on" : "off"));

/** What each key does, by the name of its words. */
export const KEYS = {
  "[": { does: "before", act: () => void stepToChange(-1) },
  "]": { does: "after", act: () => void stepToChange(1) },
  p: { does: "play", act: togglePlay },
  "/": { does: "search", act: () => focusSearch() },
  s: { does: "situation", act: () => open({ name: "situation" }) },
  c: { does: "compare", act: compare },
  w: { does: "whose", act: () => open({ name: "words" }) },
  "?": { does: "keys", act: () => open({ name: "keys" }) },
} as const;

export function listenForKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      focusSearch();
      return;
    }
    const isTyping =
      event.target instanceof HTMLElement &&
      event.target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, select");
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    if (event.key === "Escape" && panel.peek().name !== "none") {
      close();
      return;
    }
    const found = KEYS[event.key as keyof typeof KEYS];
    if (!found || !areKeysOn.peek()) return;
    event.preventDefault();
    found.act();
  };
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}
