// The place within which a panel tells, found by any name; empty for everywhere.
import type { Signal } from "@preact/signals";
import { words } from "../words/words";
import { Finder } from "./finder";

export function WithinField({ id, within }: { id: string; within: Signal<string> }) {
  const said = words.value.finder;
  return (
    <div class="within">
      <span aria-hidden="true">{said.within}</span>
      <Finder
        id={id}
        kind="LOCATION"
        label={said.within}
        placeholder={said.everywhere}
        value={within.value}
        set={(slug) => (within.value = slug)}
      />
    </div>
  );
}
