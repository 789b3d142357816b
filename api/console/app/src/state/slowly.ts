// A signal that follows another, but not at every frame: for lists and counts beside a map that
// plays.
import { type ReadonlySignal, effect, signal } from "@preact/signals";

const PAUSE = 200;

export function slowly<Value>(source: ReadonlySignal<Value>): ReadonlySignal<Value> {
  const kept = signal(source.peek());
  let timer: number | undefined;
  const follow = () => {
    timer = undefined;
    if (kept.peek() === source.peek()) return;
    kept.value = source.peek();
    timer = window.setTimeout(follow, PAUSE);
  };
  effect(() => {
    void source.value;
    if (timer === undefined) follow();
  });
  return kept;
}
