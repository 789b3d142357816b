// The link to what is shown, for whoever is to see the same.
import { coloursForLink } from "../map/colours";
import { type Panel, writeAddress } from "../state/address";
import { shown } from "../state/shown";

/** What is shown as known at a position, in the colours of this page, with a panel beside it. */
export function pinnedLink(position: number, panel: Panel = shown.value.panel): string {
  const address = writeAddress({ ...shown.value, position, panel });
  const colours = new URLSearchParams({ colours: coloursForLink() });
  return `${location.origin}${location.pathname}${address}&${colours}`;
}
