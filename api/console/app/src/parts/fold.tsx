// A part of a panel that folds. What is inside is made, and asked for, only while it is open; which
// parts are open is kept while the page is.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

const isOpen = signal<ReadonlyMap<string, boolean>>(new Map());

export function Fold({ name, title, begins = false, isMinor = false, isPrinted = false, children }: {
  /** Under which its state is kept. */
  name: string;
  title: string;
  /** Whether it is open at first. */
  begins?: boolean;
  /** Whether it is a part of a section, without a heading of its own. */
  isMinor?: boolean;
  /** Whether it is on paper even where it is folded. */
  isPrinted?: boolean;
  children: ComponentChildren;
}) {
  const opened = isOpen.value.get(name) ?? begins;
  return (
    <details
      class={["fold", isMinor && "minor", isPrinted && "on-paper"].filter(Boolean).join(" ")}
      open={opened}
      onToggle={(event) => {
        const now = event.currentTarget.open;
        if (now !== (isOpen.value.get(name) ?? begins)) {
          isOpen.value = new Map(isOpen.value).set(name, now);
        }
      }}
    >
      <summary>{isMinor ? title : <h3>{title}</h3>}</summary>
      {(opened || isPrinted) && children}
    </details>
  );
}
