"""Bundles for the tests: of a ledger with a log that is signed, and altered in every way."""

import shutil
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from domain.occurred import Instant
from domain.values import LocationId
from infra.bundle.check import CheckedBundle, check_bundle
from infra.bundle.files import BundleFolder
from infra.bundle.layout import MANIFEST, tile_path
from infra.bundle.write import ExportedBundle, write_bundle
from infra.findings import Finding
from infra.ledger.dcb import Recorder
from infra.ledger.ledger import Ledger
from infra.log.merkle import leaf_hash
from infra.log.signed_notes import SignerKey, VerifierKey
from infra.log.tiles import grow, leaf_of
from tests.logs import KEYS, SIGNER, log_at, root_of


def export(
    recorder: Recorder,
    path: Path,
    *,
    log: Path,
    signer: SignerKey | None = SIGNER,
    within: str | None = None,
    until: Instant | None = None,
) -> ExportedBundle:
    """The bundle of a ledger, whose log is kept in that file."""
    with log_at(log, recorder, signer=signer) as following:
        following.catch_up()
        place = None if within is None else LocationId(within)
        return write_bundle(Ledger(recorder), following, path, within=place, until=until)


def check(path: Path, keys: Sequence[VerifierKey] = KEYS) -> CheckedBundle:
    return check_bundle(BundleFolder(path), keys, needs_every_key=False)


def found(path: Path, keys: Sequence[VerifierKey] = KEYS) -> list[Finding]:
    """What is wrong with the bundle."""
    return list(check(path, keys).findings)


def lines_of(path: Path) -> list[bytes]:
    return (path / "entries.jsonl").read_bytes().splitlines(keepends=True)


def put_lines(path: Path, lines: Sequence[bytes]) -> None:
    (path / "entries.jsonl").write_bytes(b"".join(lines))


def numbered_anew(lines: Sequence[bytes]) -> list[bytes]:
    """The same entries, as the first leaves and positions."""
    read = [orjson.loads(line) for line in lines]
    return [
        written(line | {"leaf": number, "position": number + 1}) for number, line in enumerate(read)
    ]


def written(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n"


def redo_manifest(path: Path, **changes: Any) -> None:
    """Makes the manifest agree with the files that are there, as whoever altered them could."""
    manifest = orjson.loads((path / MANIFEST).read_bytes())
    files = sorted(each for each in path.rglob("*") if each.is_file() and each.name != MANIFEST)
    listed = [
        {
            "bytes": len(data := each.read_bytes()),
            "path": each.relative_to(path).as_posix(),
            "sha256": sha256(data).hexdigest(),
        }
        for each in files
    ]
    listed.sort(key=lambda each: str(each["path"]))
    (path / MANIFEST).write_bytes(written(manifest | {"files": listed} | changes))


def redo_tiles(path: Path) -> bytes:
    """Makes the tiles anew from the entries that are there; the root that they then have."""
    leaves = [leaf_hash(leaf_of(_entry(line))) for line in lines_of(path)]
    shutil.rmtree(path / "tile")
    for tile, hashes in grow(0, leaves, lambda tile: b""):
        file = path / tile_path(tile)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(hashes)
    return root_of(leaves)


def tree(origin: str, size: int, root: bytes) -> dict[str, Any]:
    """What a manifest says of a tree."""
    return {"origin": origin, "root": b64encode(root).decode(), "size": size}


def _entry(line: bytes) -> bytes:
    return orjson.dumps(orjson.loads(line)["entry"], option=orjson.OPT_SORT_KEYS)


def always(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment
