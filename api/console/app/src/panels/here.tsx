// The places that the map draws as one symbol.
import { PlaceItems } from "./place_list";
import { drawnWith } from "../map/grouped";
import { column, places } from "../state/situation";
import { slowly } from "../state/slowly";
import { words } from "../words/words";

const now = slowly(column);

/** `of` is one of them. */
export function PlacesHere({ of }: { of: string }) {
  const said = words.value;
  if (!places.value || !now.value) return <p>{said.page.loading}</p>;
  const found = drawnWith(of);
  return (
    <section class="list">
      <h2>{said.map.placesHere(found.length)}</h2>
      <p class="quiet">{said.map.asOne}</p>
      <PlaceItems found={found} now={now.value} />
    </section>
  );
}
