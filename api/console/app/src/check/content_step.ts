// Whether the entry says what the page shows of the event.
import { type Bytes, textOf } from "./bytes";
import { type Told, differenceTo, idOf, isLong, readLeaf } from "./entry";
import { type Found, failed, open, passed, short, text } from "./steps";

export async function contentOf(bytes: Bytes | null, told: Told): Promise<[Found, void]> {
  if (!bytes) return [open((said) => said.noContent), undefined];
  const entry = readLeaf(bytes);
  if (!entry) throw failed((said) => said.notCanonical, (said) => said.means.notCanonical);
  if (isLong(entry)) return [open((said) => said.longEntry(entry.bytes)), undefined];
  const json = text("entry", JSON.stringify(JSON.parse(textOf(bytes)), null, 2));
  const difference = differenceTo(entry, told);
  if (difference) {
    const [what, page] = difference;
    throw failed(
      (said) => said.saysOtherwise(what, page),
      (said) => said.means.saysOtherwise,
      json,
    );
  }
  const id = await idOf(entry);
  if (id !== entry.id) {
    const values = [short("id", entry.id), short("idFound", id), json];
    throw failed((said) => said.otherId, (said) => said.means.otherId, ...values);
  }
  const isLater = told.recordedAt !== entry.recorded_at;
  const counted = isLater ? [short("countedAt", told.recordedAt)] : [];
  return [passed((said) => said.content, short("id", id), ...counted, json), undefined];
}
