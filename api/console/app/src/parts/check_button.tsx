// Leads from an event to its check.
import "./check_button.css";
import { open } from "../state/shown";
import { words } from "../words/words";

export function CheckButton({ event }: { event: string }) {
  return (
    <button type="button" class="to-check" onClick={() => open({ name: "check", of: event })}>
      {words.value.check.title}
    </button>
  );
}
