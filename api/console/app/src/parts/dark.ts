// Whether the page is dark: as the system says.
import { signal } from "@preact/signals";

const query = window.matchMedia("(prefers-color-scheme: dark)");
export const isDark = signal(query.matches);
query.addEventListener("change", () => (isDark.value = query.matches));
