// Does the browser's own code agree with published values, and with what the server stores?
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { type Bytes, bytesOfBase64, bytesOfHex, equal, hex, utf8 } from "../../api/console/app/src/check/bytes.ts";
import { type Entry, type Told, canonical, differenceTo, idOf, isLong, readLeaf } from "../../api/console/app/src/check/entry.ts";
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  leafHash,
  perfectRoot,
  rootByInclusion,
  rootOver,
} from "../../api/console/app/src/check/merkle.ts";
import { readCheckpoint, readKey, readNote, verdict, witnessedAt } from "../../api/console/app/src/check/notes.ts";
import { BadTile, leavesIn, subtrees, tilePath } from "../../api/console/app/src/check/tiles.ts";

const GOLDEN = new URL("../golden/", import.meta.url);
const golden = (name: string) => readFileSync(new URL(name, GOLDEN), "utf8");

// The eight leaves that implementations of RFC 6962 have tested themselves with from the start.
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
].map(bytesOfHex);
const INCLUDED_5_OF_8 = [
  "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
];
const CONSISTENT_6_TO_8 = [
  "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
  "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
];

const hashes = await Promise.all(LEAVES.map((leaf) => leafHash(bytesOfHex(leaf))));
const subtree = (level: number, number: number) =>
  perfectRoot(hashes.slice(number * 2 ** level, (number + 1) * 2 ** level));
const flipped = (bytes: Bytes) => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte));

test("the published roots follow from the published leaves", async () => {
  for (const [at, root] of ROOTS.entries()) {
    assert.equal(hex(await rootOver(0, at + 1, subtree)), hex(root));
  }
});

test("the published proofs are made, and prove what they should", async () => {
  const proof = await inclusionProof(5, 8, subtree);
  assert.deepEqual(proof.map(hex), INCLUDED_5_OF_8);
  const grown = await consistencyProof(6, 8, subtree);
  assert.deepEqual(grown.map(hex), CONSISTENT_6_TO_8);
});

test("every leaf of every tree is proven, and no other leaf in its place", async () => {
  for (let size = 1; size <= 8; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const proof = await inclusionProof(index, size, subtree);
      const root = await rootByInclusion(hashes[index]!, index, size, proof);
      assert.ok(root && equal(root, ROOTS[size - 1]!));
      const other = await rootByInclusion(flipped(hashes[index]!), index, size, proof);
      assert.ok(other && !equal(other, ROOTS[size - 1]!));
      assert.equal(await rootByInclusion(hashes[index]!, index, size, [...proof, hashes[0]!]), null);
      if (proof.length) {
        assert.equal(await rootByInclusion(hashes[index]!, index, size, proof.slice(1)), null);
      }
      assert.equal(await rootByInclusion(hashes[index]!, size, size, proof), null);
    }
  }
});

test("every tree begins with every smaller one, and with no other", async () => {
  for (let larger = 1; larger <= 8; larger += 1) {
    for (let smaller = 1; smaller <= larger; smaller += 1) {
      const proof = await consistencyProof(smaller, larger, subtree);
      const now = { size: larger, root: ROOTS[larger - 1]! };
      const before = { size: smaller, root: ROOTS[smaller - 1]! };
      assert.ok(await isConsistent(before, now, proof), `${smaller} ${larger}`);
      assert.ok(!(await isConsistent({ size: smaller, root: flipped(before.root) }, now, proof)));
      assert.ok(!(await isConsistent(before, { size: larger, root: flipped(now.root) }, proof)));
      assert.ok(!(await isConsistent(before, now, [...proof, hashes[0]!])));
    }
  }
  assert.ok(!(await isConsistent({ size: 8, root: ROOTS[7]! }, { size: 7, root: ROOTS[6]! }, [])));
});

test("the paths of tiles are those of the specification", () => {
  assert.equal(tilePath(0, 0, 17), "tile/0/000.p/17");
  assert.equal(tilePath(0, 1, 512), "tile/0/001");
  assert.equal(tilePath(1, 0, 600), "tile/1/000.p/2");
  assert.equal(tilePath(0, 1234067, 1234068 * 256), "tile/0/x001/x234/067");
  assert.equal(tilePath("entries", 2, 600), "tile/entries/002.p/88");
});

test("a tile or a bundle that is cut off is refused", async () => {
  const cut = subtrees(8, () => Promise.resolve(new Uint8Array(31)));
  await assert.rejects(cut(0, 0), BadTile);
  assert.throws(() => leavesIn("entries/000", Uint8Array.of(0)), BadTile);
  assert.throws(() => leavesIn("entries/000", Uint8Array.of(0, 2, 65)), BadTile);
  assert.deepEqual(leavesIn("entries/000", Uint8Array.of(0, 1, 65, 0, 0)).map(hex), ["41", ""]);
});

test("a tree of more than one tile has the root that its leaves give", async () => {
  const leaves = await Promise.all(Array.from({ length: 600 }, (_, at) => leafHash(utf8(`${at}`))));
  const read = async (path: string) => {
    const [, level, tile] = /^tile\/(\d)\/(\d{3})/.exec(path)!;
    const row = level === "0" ? leaves : await rootsOfFullTiles(leaves);
    const part = row.slice(Number(tile) * 256, (Number(tile) + 1) * 256);
    return Uint8Array.from(part.flatMap((each) => [...each]));
  };
  const byTiles = subtrees(600, read);
  const byLeaves = (level: number, number: number) =>
    perfectRoot(leaves.slice(number * 2 ** level, (number + 1) * 2 ** level));
  const root = await rootOver(0, 600, byLeaves);
  assert.equal(hex(await rootOver(0, 600, byTiles)), hex(root));
  const found = await rootByInclusion(leaves[300]!, 300, 600, await inclusionProof(300, 600, byTiles));
  assert.equal(hex(found!), hex(root));
  const proof = await consistencyProof(257, 600, byTiles);
  const before = { size: 257, root: await rootOver(0, 257, byLeaves) };
  assert.ok(await isConsistent(before, { size: 600, root }, proof));
});

async function rootsOfFullTiles(leaves: Bytes[]): Promise<Bytes[]> {
  const full = Math.floor(leaves.length / 256);
  return Promise.all(
    Array.from({ length: full }, (_, at) => perfectRoot(leaves.slice(at * 256, (at + 1) * 256))),
  );
}

test("the example of the signed notes of Go is genuine, and altered it is forged", async () => {
  const key = await readKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const signed =
    "If you think cryptography is the answer to your problem,\n" +
    "then you don't know what your problem is.\n\n" +
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  assert.equal(await verdict(readNote(signed)!, key!), "genuine");
  assert.equal(await verdict(readNote(signed.replace("think", "thank"))!, key!), "forged");
  const other = await readKey(golden("verifier.txt"));
  assert.equal(await verdict(readNote(signed)!, other!), "absent");
});

test("a stored checkpoint is signed by its log and cosigned by its witness, to the second", async () => {
  const note = readNote(golden("cosigned.txt"))!;
  const [log, witness] = [await readKey(golden("verifier.txt")), await readKey(golden("witness.txt"))];
  assert.deepEqual([log!.type, witness!.type], ["log", "witness"]);
  assert.equal(await verdict(note, log!), "genuine");
  assert.equal(await verdict(note, witness!), "genuine");
  assert.equal(readCheckpoint(note.text)!.size, 45);
  assert.ok(witnessedAt(note, witness!) > 1_600_000_000);
  const later = { ...note, text: note.text.replace("\n45\n", "\n46\n") };
  assert.equal(await verdict(later, witness!), "forged");
});

test("what is no key, no note and no checkpoint is told from one that is", async () => {
  const key = golden("verifier.txt").trim();
  assert.ok(await readKey(`  ${key}\n`));
  for (const bad of ["", "key", key.slice(0, -4), key.replace("+", "+0"), key.replace(/.$/, "A"), `x${key}`]) {
    assert.equal(await readKey(bad), null, bad);
  }
  const note = golden("cosigned.txt");
  for (const bad of ["", "text", note.replace("— ", "- "), note.trimEnd(), note.replace("\n45\n", "\n4\x005\n")]) {
    assert.equal(readNote(bad), null);
  }
  for (const bad of ["log\n1\n", "log\n01\nAAAA\n", "log\n1\nAAAA\n", ""]) {
    assert.equal(readCheckpoint(bad), null);
  }
});

test("the stored bundle leads to the root that was signed over it", async () => {
  const entries = bundled();
  const leaves = await Promise.all(entries.map((entry) => leafHash(utf8(entry))));
  const read = () => Promise.resolve(new Uint8Array(readFileSync(new URL("bundles/whole/tile/0/000.p/45", GOLDEN))));
  const byTile = subtrees(45, read);
  const { size, root } = readCheckpoint(readNote(golden("bundles/whole/checkpoint"))!.text)!;
  assert.equal(size, entries.length);
  for (const [index, leaf] of leaves.entries()) {
    const found = await rootByInclusion(leaf, index, size, await inclusionProof(index, size, byTile));
    assert.equal(hex(found!), hex(root));
  }
});

/** The entries of the stored bundle, in the order of the log. */
function bundled(): string[] {
  const lines = golden("bundles/whole/entries.jsonl").trimEnd().split("\n");
  return lines.map((line) => canonical(JSON.parse(line).entry));
}

test("every stored entry is canonical, and has the id of its content", async () => {
  const files = readdirSync(new URL("entries/", GOLDEN)).map((name) => golden(`entries/${name}`));
  const stored = files.join("\n").split("\n").filter((line) => line.startsWith('{"event"'));
  const entries = [...stored, ...bundled()];
  assert.ok(entries.some((entry) => entry.includes("[")), "some are told in a zone");
  assert.ok(entries.length > 60, `${entries.length}`);
  for (const line of entries) {
    const entry = readLeaf(utf8(line));
    assert.ok(entry && !isLong(entry), line);
    assert.equal(await idOf(entry), entry.id, line);
    const altered: Entry = { ...entry, event: { ...entry.event, summary: "altered" } };
    assert.notEqual(await idOf(altered), entry.id);
  }
});

test("whatever a page shows otherwise than the entry is found", () => {
  const event = {
    by: ["fama", "wagner"],
    credibility: 2,
    location: "kidal",
    occurred: "2023-11-14",
    report: "press-1",
    summary: "The army takes the town.",
  };
  const entry: Entry = {
    event,
    id: "9cbb8ea8-1316-57b1-bc9a-9273a41162ae",
    recorded_at: "2024-01-10T09:00:00Z",
    recorded_by: "local",
    revision: 1,
    type: "TownSeized",
  };
  const told: Told = {
    type: entry.type,
    id: entry.id,
    recordedAt: entry.recorded_at,
    recordedBy: entry.recorded_by,
    credibility: 2,
    summary: event.summary,
    passage: null,
    occurred: event.occurred,
    report: event.report,
    named: ["kidal", "fama", "wagner"],
  };
  assert.equal(differenceTo(entry, told), null);
  assert.equal(differenceTo(entry, { ...told, recordedBy: null }), null, "not told to everybody");
  assert.equal(differenceTo(entry, { ...told, recordedAt: "2024-01-10T09:00:01Z" }), null);
  const others: Partial<Told>[] = [
    { type: "BaseCaptured" },
    { id: "1bdf46ad-9242-5b2c-9c97-33fbbbd56976" },
    { recordedAt: "2024-01-10T08:59:59Z" },
    { recordedBy: "ana" },
    { credibility: 1 },
    { credibility: null },
    { summary: null },
    { passage: "paragraph 2" },
    { occurred: "2023-11-15" },
    { report: "press-2" },
    { named: ["kidal", "csp"] },
  ];
  for (const other of others) {
    assert.notEqual(differenceTo(entry, { ...told, ...other }), null, JSON.stringify(other));
  }
});

test("canonical JSON is that of RFC 8785", () => {
  const value = { "\u20ac": 1, "\r": 2, "\u{1f600}": 3, "\ufb33": 4, a: [1e21, 0.000001, -0, "\u000f\"é"] };
  const expected = '{"\\r":2,"a":[1e+21,0.000001,0,"\\u000f\\"é"],"€":1,"😀":3,"\ufb33":4}';
  assert.equal(canonical(value), expected);
  assert.equal(readLeaf(utf8('{"b":1,"a":2}')), null);
  assert.equal(readLeaf(utf8('{"a": 1}')), null);
  assert.equal(readLeaf(Uint8Array.of(0xff)), null);
});

test("base64 has one spelling", () => {
  assert.deepEqual(bytesOfBase64("AQI="), Uint8Array.of(1, 2));
  for (const bad of ["AQI", "AQJ=", "A QI=", "*"]) assert.equal(bytesOfBase64(bad), null, bad);
});
