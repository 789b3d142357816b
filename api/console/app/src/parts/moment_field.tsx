// A moment to type: a day or an instant in UTC. What can't be read stays in the field, and is told.
import { useSignal } from "@preact/signals";
import { momentTyped } from "../state/moments";
import { words } from "../words/words";

export function MomentField(field: {
  id: string;
  label: string;
  value: string;
  set: (moment: string) => void;
}) {
  const typed = useSignal<string | null>(null);
  const isWrong = useSignal(false);
  const take = (text: string) => {
    const moment = momentTyped(text);
    isWrong.value = moment === null;
    if (moment === null) return;
    typed.value = null;
    if (moment !== field.value) field.set(moment);
  };
  return (
    <span class="moment">
      <input
        id={field.id}
        type="text"
        inputMode="numeric"
        autocomplete="off"
        spellcheck={false}
        aria-label={field.label}
        aria-invalid={isWrong.value}
        aria-describedby={isWrong.value ? `${field.id}-wrong` : undefined}
        size={Math.max(10, (typed.value ?? field.value).length)}
        value={typed.value ?? field.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onChange={(event) => take(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") take(event.currentTarget.value);
          if (event.key === "Escape") [typed.value, isWrong.value] = [null, false];
        }}
      />
      {isWrong.value && (
        <span class="wrong" id={`${field.id}-wrong`} role="alert">
          {words.value.times.noMoment}
        </span>
      )}
    </span>
  );
}
