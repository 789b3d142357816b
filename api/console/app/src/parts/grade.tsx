// A grade of the Admiralty code, as B2, which is spelled out on demand.
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Reliability } from "../made/graphql";
import { words } from "../words/words";
import "./grade.css";

export function Grade({ reliability, credibility, begins = false }: {
  reliability: Reliability;
  /** 1 to 6; null where only the source is graded. */
  credibility: number | null;
  /** Whether it is spelled out at first. */
  begins?: boolean;
}) {
  const isOpen = useSignal(begins);
  const id = useId();
  const said = words.value.grades;
  const spelled = [
    `${reliability}: ${said.reliability[reliability]}.`,
    credibility === null ? "" : `${credibility}: ${said.credibility[credibility - 1]}.`,
  ];
  return (
    <span class="grade">
      <button
        type="button"
        aria-expanded={isOpen.value}
        aria-controls={id}
        aria-label={said.grade(`${reliability}${credibility ?? ""}`)}
        title={spelled.join(" ")}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {reliability}
        {credibility}
      </button>
      <span id={id} class="spelled" hidden={!isOpen.value}>
        {" "}
        {spelled.join(" ").trim()}
      </span>
    </span>
  );
}
