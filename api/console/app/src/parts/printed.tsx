// What stands on paper in place of the controls: what the page rests on, and where it is found again.
import { basisInWords, sideInWords } from "../share/basis";
import { pinnedLink } from "../share/link";
import { isCompared } from "../state/address";
import { shown } from "../state/shown";
import { column } from "../state/situation";
import { words } from "../words/words";

export function PrintedBasis() {
  const position = column.value?.position;
  if (position === undefined) return null;
  const { other } = shown.value;
  return (
    <>
      <p class="printed">{basisInWords(shown.value, position)}</p>
      {isCompared(shown.value) && (
        <p class="printed">{words.value.share.compared(sideInWords(other))}</p>
      )}
      <p class="printed">{pinnedLink(position)}</p>
    </>
  );
}
