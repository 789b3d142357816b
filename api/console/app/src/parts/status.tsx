// What the page rests on: live or not, the position, and how far the node lags behind.
import { head, lag, line } from "../state/live";
import { column } from "../state/situation";
import { words } from "../words/words";

export function Status() {
  const said = words.value.page;
  const position = column.value?.position;
  return (
    <p class="status" role="status" data-line={line.value}>
      <span class="dot" aria-hidden="true" />
      {said.line[line.value]}
      {position !== undefined && <span title={said.positionMeans}>, {said.position(position, head.value ?? position)}</span>}
      {lag.value > 0 && <strong> {said.lag(lag.value)}</strong>}
    </p>
  );
}
