// The words of the page, in the language that a person chose or their browser asks for.
import { computed, signal } from "@preact/signals";
import { english } from "./english/english";
import { french } from "./french/french";

export type Words = typeof english;

export const LANGUAGES: Record<string, { name: string; words: Words; direction: "ltr" | "rtl" }> = {
  en: { name: "English", words: english, direction: "ltr" },
  fr: { name: "Français", words: french, direction: "ltr" },
};

function preferred(): string {
  const kept = localStorage.getItem("language");
  const wanted = [kept, ...navigator.languages].map((each) => each?.slice(0, 2) ?? "");
  return wanted.find((each) => each in LANGUAGES) ?? "en";
}

export const language = signal(preferred());
export const words = computed(() => LANGUAGES[language.value]!.words);

/** The language of what the server says, to be marked where it is not that of the page. */
export const sentLanguage = computed(() => (language.value === "en" ? undefined : "en"));

/** A text that begins with a capital letter. */
export const sentence = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

language.subscribe((chosen) => {
  localStorage.setItem("language", chosen);
  document.documentElement.lang = chosen;
  document.documentElement.dir = LANGUAGES[chosen]!.direction;
});
