"""Is what somebody did to a bundle found, and named precisely?"""

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from domain import events
from domain.control.verdict import RULE
from infra.bundle.check import check_bundle
from infra.bundle.files import BundleFolder
from infra.bundle.layout import BadBundle
from infra.findings import MOST_FINDINGS, Finding, Wrong
from infra.ledger.codec import canonical, encode, identify
from infra.ledger.dcb import StoredEvent
from infra.ledger.engines import open_recorder
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import Signature, SignedNote
from infra.log.tiles import LONGEST_LEAF
from tests import bundle_by_hand
from tests.bundles import (
    check,
    export,
    found,
    lines_of,
    numbered_anew,
    put_lines,
    redo_manifest,
    redo_tiles,
    tree,
    written,
)
from tests.domain.builders import event
from tests.logs import (
    ANOTHER_WITNESS,
    KEYS,
    SIGNER,
    STRANGER,
    WITNESS,
    history,
    log_at,
    put,
    stored,
)

SIZE = 600
AT = 41
"""The leaf that is altered; it stands in line 42, at position 42."""
ALTERED = (Wrong.ENTRY_ALTERED, AT + 1, AT, AT + 1)
FILE_ALTERED = (Wrong.FILE_ALTERED, None, None, None)

Where = tuple[Wrong, int | None, int | None, int | None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of 600 entries, signed and cosigned, with an earlier cosigned checkpoint."""
    path = tmp_path_factory.mktemp("bundle")
    entries = stored(history(SIZE))
    with open_recorder("memory:") as recorder:
        with log_at(path / "log.db", recorder) as log:
            put(recorder, entries[:300])
            log.catch_up()
            note = log.checkpoint()
            assert note
            log.add_cosignatures(
                SignedNote(note.text, (WITNESS.cosign(note.text, at=1_700_000_000),))
            )
            put(recorder, entries[300:])
        export(recorder, path / "bundle", log=path / "log.db")
    return path / "bundle"


@pytest.fixture
def bundle(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be altered."""
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def where(findings: list[Finding]) -> list[Where]:
    return [(each.wrong, each.position, each.leaf, each.line) for each in findings]


def with_byte_changed(line: bytes) -> bytes:
    changed = line.replace(b'"recorded_by":"archivist"', b'"recorded_by":"archivisT"')
    assert changed != line
    return changed


# ---- What is sound ---------------------------------------------------------------------------


def test_a_bundle_as_it_was_written_is_sound(bundle: Path) -> None:
    checked = check(bundle)
    assert checked.findings == []
    assert {(each.name, each.size, each.witnessed_at) for each in checked.signed} == {
        (SIGNER.name, SIZE, None),
        (SIGNER.name, 300, None),
        (WITNESS.name, 300, 1_700_000_000),
    }
    silent = f"not signed: the key {ANOTHER_WITNESS.name} has not signed the checkpoint of"
    every = check_bundle(BundleFolder(bundle), KEYS).findings
    assert [str(each) for each in every] == [f"{silent} {SIZE} leaves"]
    assert not checked.keys_are_own


def test_without_keys_those_count_that_the_bundle_names(bundle: Path) -> None:
    checked = check(bundle, [])
    assert checked.findings == []
    assert checked.keys_are_own
    assert {each.name for each in checked.signed} == {SIGNER.name, WITNESS.name}


def test_a_stranger_finds_the_same_with_a_program_of_his_own(bundle: Path) -> None:
    assert bundle_by_hand.check(bundle) == SIZE
    lines = lines_of(bundle)
    put_lines(bundle, [*lines[:AT], with_byte_changed(lines[AT]), *lines[AT + 1 :]])
    redo_manifest(bundle)
    with pytest.raises(AssertionError):
        bundle_by_hand.check(bundle)


def test_an_entry_too_long_for_a_leaf_is_proven_by_what_it_hashes_to(tmp_path: Path) -> None:
    names = [{"text": f"{number} " + "\U0001f3f3" * 490} for number in range(40)]
    far = event(events.LocationRegistered, location="far", name="Far", kind="town", aliases=names)
    at = datetime(2024, 6, 2, tzinfo=UTC)
    data = encode(identify(far), recorded_at=at, recorded_by="archivist")
    assert len(data) > LONGEST_LEAF
    with open_recorder("memory:") as recorder:
        put(
            recorder,
            [*stored(history(20)), StoredEvent("LocationRegistered", data, ["location:far"])],
        )
        export(recorder, tmp_path / "long", log=tmp_path / "log.db")
    assert found(tmp_path / "long") == []
    lines = lines_of(tmp_path / "long")
    put_lines(tmp_path / "long", [*lines[:-1], with_byte_changed(lines[-1])])
    redo_manifest(tmp_path / "long")
    assert where(found(tmp_path / "long")) == [(Wrong.ENTRY_ALTERED, 21, 20, 21)]


def test_whatever_byte_is_changed_is_found(bundle: Path) -> None:
    random = Random(1)
    files = sorted(each for each in bundle.rglob("*") if each.is_file())
    for path in files * 15:
        before = path.read_bytes()
        data = bytearray(before)
        at = random.randrange(len(data))
        match random.choice(["change", "change", "cut", "add", "nothing left"]):
            case "change":
                data[at] ^= 1 << random.randrange(8)
            case "cut":
                del data[at]
            case "add":
                data.insert(at, random.randrange(256))
            case _:
                data.clear()
        path.write_bytes(data)
        anew = path.name != "manifest.json" and random.random() < 0.5
        manifest = (bundle / "manifest.json").read_bytes()
        if anew:
            redo_manifest(bundle)
        assert is_refused(bundle), (path, at)
        path.write_bytes(before)
        if anew:
            (bundle / "manifest.json").write_bytes(manifest)
    assert found(bundle) == []


def is_refused(bundle: Path) -> bool:
    """Or names another rule: nothing says by which one its maker answers, but its maker."""
    try:
        return bool(found(bundle)) or BundleFolder(bundle).manifest.rule != RULE
    except BadBundle:
        return True


# ---- The entries -----------------------------------------------------------------------------

LINES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], list[Where]]] = {
    "one byte changed": (
        lambda lines: [*lines[:AT], with_byte_changed(lines[AT]), *lines[AT + 1 :]],
        [ALTERED],
    ),
    "removed": (
        lambda lines: [*lines[:AT], *lines[AT + 1 :]],
        [(Wrong.ENTRY_REMOVED, None, AT, None)],
    ),
    "removed, and those behind it numbered anew": (
        lambda lines: numbered_anew([*lines[:AT], *lines[AT + 1 :]]),
        [(Wrong.ENTRY_REMOVED, None, AT, None)],
    ),
    "the last removed": (
        lambda lines: lines[:-1],
        [(Wrong.ENTRY_REMOVED, None, SIZE - 1, None)],
    ),
    "the last ten removed": (
        lambda lines: lines[:-10],
        [(Wrong.ENTRY_REMOVED, None, SIZE - 10, None)],
    ),
    "two swapped": (
        lambda lines: numbered_anew([*lines[:AT], lines[AT + 1], lines[AT], *lines[AT + 2 :]]),
        [(Wrong.ENTRIES_SWAPPED, AT + 1, AT, AT + 1)],
    ),
    "two swapped that stand far apart": (
        lambda lines: numbered_anew(
            [*lines[:AT], lines[500], *lines[AT + 1 : 500], lines[AT], *lines[501:]]
        ),
        [(Wrong.ENTRIES_SWAPPED, AT + 1, AT, AT + 1)],
    ),
    "one inserted": (
        lambda lines: numbered_anew([*lines[:AT], with_byte_changed(lines[7]), *lines[AT:]]),
        [(Wrong.ENTRY_INSERTED, AT + 1, AT, AT + 1)],
    ),
    "one put behind the last": (
        lambda lines: numbered_anew([*lines, with_byte_changed(lines[7])]),
        [(Wrong.ENTRY_INSERTED, SIZE + 1, SIZE, SIZE + 1)],
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_what_was_done_to_the_entries_is_named(name: str, bundle: Path) -> None:
    alter, expected = LINES[name]
    put_lines(bundle, alter(lines_of(bundle)))
    findings = found(bundle)
    assert where(findings)[0] == FILE_ALTERED
    assert findings[0].file == "entries.jsonl"
    assert set(expected) <= set(where(findings))


@pytest.mark.parametrize("name", LINES)
def test_it_is_named_though_the_manifest_was_made_to_agree(name: str, bundle: Path) -> None:
    alter, expected = LINES[name]
    lines = alter(lines_of(bundle))
    put_lines(bundle, lines)
    head = orjson.loads(lines[-1])["position"]
    redo_manifest(bundle, entries=len(lines), head=max(head, SIZE))
    findings = [each for each in found(bundle) if each.wrong is not Wrong.MANIFEST_DIFFERS]
    assert where(findings) == expected
    assert all(each.file == "entries.jsonl" for each in findings if each.line)


@pytest.mark.parametrize("name", LINES)
def test_with_the_tiles_made_anew_too_the_root_is_not_what_was_signed(
    name: str, bundle: Path
) -> None:
    alter, _ = LINES[name]
    lines = numbered_anew(alter(lines_of(bundle)))
    put_lines(bundle, lines)
    root = redo_tiles(bundle)
    size = len(lines)
    redo_manifest(bundle, entries=size, head=size, tree=tree(SIGNER.name, size, root))
    assert next(each.wrong for each in found(bundle)) is Wrong.MANIFEST_DIFFERS
    (bundle / "checkpoint").write_text(str(resigned(bundle, size, root)))
    redo_manifest(bundle)
    assert {(each.wrong, each.file) for each in found(bundle)} >= {
        (Wrong.SIGNATURE_FORGED, "checkpoint")
    }


def test_with_the_tiles_made_anew_alone_the_root_differs(bundle: Path) -> None:
    lines = lines_of(bundle)
    put_lines(bundle, [*lines[:AT], with_byte_changed(lines[AT]), *lines[AT + 1 :]])
    redo_tiles(bundle)
    redo_manifest(bundle)
    assert [(each.wrong, each.size, each.file) for each in found(bundle)] == [
        (Wrong.ROOT_DIFFERS, SIZE, "checkpoint"),
        (Wrong.ROOT_DIFFERS, 300, "checkpoint.cosigned"),
    ]


def resigned(bundle: Path, size: int, root: bytes) -> SignedNote:
    """A checkpoint of another tree, under the signature of the true one."""
    signatures = SignedNote.parse((bundle / "checkpoint").read_text()).signatures
    return SignedNote(Checkpoint(SIGNER.name, size, root).text, signatures)


def test_an_id_that_is_not_that_of_the_content_is_named(bundle: Path) -> None:
    lines = lines_of(bundle)
    line = orjson.loads(lines[AT])
    line["entry"]["event"]["credibility"] = 1
    put_lines(bundle, [*lines[:AT], written(line), *lines[AT + 1 :]])
    redo_manifest(bundle)
    assert where(found(bundle)) == [(Wrong.ID_DIFFERS, AT + 1, AT, AT + 1), ALTERED]


MALFORMED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a key twice": (
        lambda line: line.replace(b'"revision":1', b'"revision":1,"revision":1'),
        "canonical form of RFC 8785",
    ),
    "another order": (
        lambda line: line.replace(b'"revision":1,"type"', b'"type"').replace(
            b'"},"leaf"', b'","revision":1},"leaf"'
        ),
        "canonical form of RFC 8785",
    ),
    "a space": (lambda line: line.replace(b'"revision":1', b'"revision": 1'), "canonical form"),
    "a field more": (
        lambda line: line.replace(b'"revision":1', b'"remark":1,"revision":1'),
        "its fields are event, id, recorded_at, recorded_by, remark",
    ),
    "a space around it": (lambda line: line.replace(b',"leaf"', b', "leaf"'), "without spaces"),
    "a number with a zero before it": (
        lambda line: line.replace(b'"leaf":', b'"leaf":0'),
        "without spaces",
    ),
    "a time that is none": (
        lambda line: line.replace(b'"recorded_at":"2024-06-01T', b'"recorded_at":"2024-06-31T'),
        "entry.recorded_at: it is no time as it is stored",
    ),
    "a time in another form": (
        lambda line: line.replace(b'Z","recorded_by"', b'+00:00","recorded_by"'),
        "entry.recorded_at",
    ),
    "an event that is no mapping": (
        lambda line: re.sub(rb'"event":{[^}]*}', b'"event":[]', line),
        "entry.event: it is not a mapping of fields",
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_line_that_is_not_in_its_one_form_is_named(name: str, bundle: Path) -> None:
    alter, says = MALFORMED[name]
    lines = lines_of(bundle)
    changed = alter(lines[AT])
    assert changed != lines[AT]
    put_lines(bundle, [*lines[:AT], changed, *lines[AT + 1 :]])
    redo_manifest(bundle)
    first = found(bundle)[0]
    assert (first.wrong, first.file, first.line) == (
        Wrong.LINE_MALFORMED,
        "entries.jsonl",
        AT + 1,
    )
    assert says in first.message


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (b'"type":"TownSeized"', b'"type":"TownSold"', "no event is called 'TownSold'"),
        (
            b'"credibility":2',
            b'"confidence":2,"credibility":2',
            "confidence: no field of TownSeized has that name",
        ),
    ],
)
def test_what_looks_newer_and_was_altered_can_not_be_read(
    bundle: Path, was: bytes, becomes: bytes, says: str
) -> None:
    lines = lines_of(bundle)
    altered = lines[AT].replace(was, becomes)
    assert altered != lines[AT]
    put_lines(bundle, [*lines[:AT], altered, *lines[AT + 1 :]])
    redo_manifest(bundle)
    first = found(bundle)[0]
    assert (first.wrong, first.line) == (Wrong.UNREADABLE, AT + 1)
    assert says in first.message
    assert "its id is not that of what it says: it was altered" in first.message


def test_a_value_that_can_not_be_read_is_named_with_its_field(bundle: Path) -> None:
    lines = lines_of(bundle)
    altered = lines[AT].replace(b'"credibility":2', b'"credibility":7')
    put_lines(bundle, [*lines[:AT], altered, *lines[AT + 1 :]])
    redo_manifest(bundle)
    unreadable, id_differs, *_ = found(bundle)
    assert (unreadable.wrong, id_differs.wrong) == (Wrong.UNREADABLE, Wrong.ID_DIFFERS)
    assert (unreadable.file, unreadable.line) == ("entries.jsonl", AT + 1)
    assert f"position {AT + 1} can't be read: credibility: 7 is too large" in unreadable.message


def test_lines_in_another_order_are_named(bundle: Path) -> None:
    lines = lines_of(bundle)
    put_lines(bundle, [*lines[:AT], lines[AT + 1], lines[AT], *lines[AT + 2 :]])
    redo_manifest(bundle)
    assert (Wrong.ENTRY_MOVED, AT + 1, AT, AT + 2) in where(found(bundle))


def test_a_leaf_that_is_said_to_be_another_is_named(bundle: Path) -> None:
    lines = lines_of(bundle)
    said = lines[AT].replace(b'"leaf":41', b'"leaf":40')
    put_lines(bundle, [*lines[:AT], said, *lines[AT + 1 :]])
    redo_manifest(bundle)
    assert (Wrong.ENTRY_MOVED, AT + 1, AT, AT + 1) in where(found(bundle))


def test_positions_that_do_not_ascend_are_named(bundle: Path) -> None:
    lines = lines_of(bundle)
    line = lines[AT].replace(b'"position":42', b'"position":41')
    put_lines(bundle, [*lines[:AT], line, *lines[AT + 1 :]])
    redo_manifest(bundle)
    assert where(found(bundle)) == [(Wrong.ENTRY_MOVED, AT, AT, AT + 1)]


def test_a_bundle_that_was_rewritten_is_not_named_entry_by_entry_for_ever(bundle: Path) -> None:
    lines = lines_of(bundle)
    put_lines(bundle, [b"{}\n" * 3, *map(with_byte_changed, lines), *lines])
    redo_manifest(bundle)
    assert len(found(bundle)) <= MOST_FINDINGS


def test_entries_that_a_narrow_bundle_does_not_tell_of_are_named(tmp_path: Path) -> None:
    with open_recorder("memory:") as recorder:
        put(recorder, stored(history(60)))
        export(recorder, tmp_path / "narrow", log=tmp_path / "log.db", within="kidal")
    assert found(tmp_path / "narrow") == []
    lines = lines_of(tmp_path / "narrow")
    put_lines(tmp_path / "narrow", [with_byte_changed(lines[0]), *lines[1:-1]])
    redo_manifest(tmp_path / "narrow")
    assert [(each.wrong, each.line) for each in found(tmp_path / "narrow")] == [
        (Wrong.ENTRY_ALTERED, 1),
        (Wrong.MANIFEST_DIFFERS, None),
    ]


# ---- The tiles -------------------------------------------------------------------------------


@pytest.mark.parametrize("tile", ["0/000", "0/002.p/88", "1/000.p/2"])
def test_a_tile_that_was_altered_is_told_from_the_entries(tile: str, bundle: Path) -> None:
    path = bundle / "tile" / tile
    hashes = bytearray(path.read_bytes())
    hashes[40] ^= 1
    path.write_bytes(hashes)
    redo_manifest(bundle)
    assert [(each.wrong, each.tile) for each in found(bundle)] == [(Wrong.TILE_DAMAGED, tile)]


@pytest.mark.parametrize("tile", ["0/001", "0/002.p/88", "1/000.p/2"])
def test_a_tile_that_is_cut_off_is_named(tile: str, bundle: Path) -> None:
    path = bundle / "tile" / tile
    path.write_bytes(path.read_bytes()[:-7])
    assert [(each.wrong, each.file) for each in found(bundle)] == [
        (Wrong.FILE_ALTERED, f"tile/{tile}"),
        (Wrong.TILE_DAMAGED, f"tile/{tile}"),
    ]
    redo_manifest(bundle)
    assert [(each.wrong, each.tile) for each in found(bundle)] == [(Wrong.TILE_DAMAGED, tile)]


@pytest.mark.parametrize("tile", ["0/001", "0/002.p/88", "1/000.p/2"])
def test_a_tile_that_is_too_long_is_named(tile: str, bundle: Path) -> None:
    path = bundle / "tile" / tile
    path.write_bytes(path.read_bytes() + b"x")
    redo_manifest(bundle)
    assert [(each.wrong, each.tile) for each in found(bundle)] == [(Wrong.TILE_DAMAGED, tile)]


# ---- The signatures --------------------------------------------------------------------------


def forge(bundle: Path, name: str, who: str) -> None:
    """Changes a bit of what somebody signed."""
    note = SignedNote.parse((bundle / name).read_text())
    signatures = tuple(
        Signature(each.name, each.key_id, each.made[:-1] + bytes([each.made[-1] ^ 1]))
        if each.name == who
        else each
        for each in note.signatures
    )
    assert signatures != note.signatures
    (bundle / name).write_text(str(SignedNote(note.text, signatures)))
    redo_manifest(bundle)


@pytest.mark.parametrize(
    ("name", "who", "size"),
    [
        ("checkpoint", SIGNER.name, SIZE),
        ("checkpoint.cosigned", SIGNER.name, 300),
        ("checkpoint.cosigned", WITNESS.name, 300),
    ],
)
def test_a_forged_signature_is_named(name: str, who: str, size: int, bundle: Path) -> None:
    forge(bundle, name, who)
    (finding,) = found(bundle)
    assert (finding.wrong, finding.file, finding.size) == (Wrong.SIGNATURE_FORGED, name, size)
    assert who in finding.message


def test_a_key_that_has_signed_nothing_makes_no_bundle_sound(bundle: Path) -> None:
    (finding,) = found(bundle, [STRANGER.verifier])
    assert (finding.wrong, finding.file) == (Wrong.UNSIGNED, "checkpoint")


def test_a_bundle_without_a_signature_is_sound_only_where_no_key_asks(tmp_path: Path) -> None:
    with open_recorder("memory:") as recorder:
        put(recorder, stored(history(20)))
        export(recorder, tmp_path / "bundle", log=tmp_path / "log.db", signer=None)
    checked = check(tmp_path / "bundle", [])
    assert (checked.findings, checked.signed) == ([], [])
    assert [each.wrong for each in found(tmp_path / "bundle")] == [Wrong.UNSIGNED]


def test_a_signature_that_was_taken_away_is_missed(bundle: Path) -> None:
    note = SignedNote.parse((bundle / "checkpoint").read_text())
    (bundle / "checkpoint").write_text(note.text)
    redo_manifest(bundle)
    assert [each.wrong for each in found(bundle)] == [Wrong.UNSIGNED]
    assert [each.wrong for each in found(bundle, [])] == [Wrong.UNSIGNED]


# ---- The manifest and the files --------------------------------------------------------------


@pytest.mark.parametrize("name", ["checkpoint", "entries.jsonl", "tile/0/001"])
def test_a_file_that_is_missing_is_named(name: str, bundle: Path) -> None:
    (bundle / name).unlink()
    assert (Wrong.FILE_MISSING, name) in [(each.wrong, each.file) for each in found(bundle)]
    redo_manifest(bundle)
    assert (Wrong.FILE_MISSING, name) in [(each.wrong, each.file) for each in found(bundle)]


@pytest.mark.parametrize("name", ["notes.txt", "tile/0/003", "tile/entries/000", ".hidden"])
def test_a_file_too_many_is_named(name: str, bundle: Path) -> None:
    path = bundle / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(8192))
    assert [(each.wrong, each.file) for each in found(bundle)] == [(Wrong.FILE_EXTRA, name)]


def test_a_tile_too_many_is_named_though_the_manifest_lists_it(bundle: Path) -> None:
    (bundle / "tile/0/003").write_bytes(bytes(8192))
    redo_manifest(bundle)
    assert [(each.wrong, each.file) for each in found(bundle)] == [(Wrong.FILE_EXTRA, "tile/0/003")]


@pytest.mark.parametrize("name", ["entries.jsonl", "tile/0/001", "checkpoint"])
def test_a_pipe_that_never_ends_is_no_file_of_a_bundle(name: str, bundle: Path) -> None:
    (bundle / name).unlink()
    os.mkfifo(bundle / name)
    assert (Wrong.FILE_MISSING, name) in [(each.wrong, each.file) for each in found(bundle)]


def test_a_link_is_no_file_of_a_bundle(bundle: Path, tmp_path: Path) -> None:
    (bundle / "entries.jsonl").rename(tmp_path / "elsewhere")
    (bundle / "entries.jsonl").symlink_to(tmp_path / "elsewhere")
    assert (Wrong.FILE_MISSING, "entries.jsonl") in [
        (each.wrong, each.file) for each in found(bundle)
    ]


MANIFESTS: dict[str, dict[str, Any]] = {
    "fewer entries": {"entries": SIZE - 1},
    "another head": {"head": SIZE + 5},
    "a head before the tree": {"head": 3},
    "another origin": {"tree": {"origin": "another", "root": "A" * 43 + "=", "size": SIZE}},
    "a bad key": {"keys": ["example.com/tenure+00000000+AAAA"]},
    "an end": {"until": {"moment": "2024-06-01T00:00:00Z", "position": SIZE}},
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_was_altered_is_named(name: str, bundle: Path) -> None:
    redo_manifest(bundle, **MANIFESTS[name])
    assert Wrong.MANIFEST_DIFFERS in {each.wrong for each in found(bundle, [])}


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "a path that leaves the folder": (
        lambda told: written(told | {"files": [told["files"][0] | {"path": "../secret"}]}),
        r"names '\.\./secret', which no bundle has",
    ),
    "a path that begins anywhere": (
        lambda told: written(told | {"files": [told["files"][0] | {"path": "/etc/passwd"}]}),
        "which no bundle has",
    ),
    "a tile by another path": (
        lambda told: written(told | {"files": [told["files"][0] | {"path": "tile/00/000"}]}),
        "which no bundle has",
    ),
    "another format": (lambda told: written(told | {"format": "zip"}), "format"),
    "a later version": (lambda told: written(told | {"version": 2}), "version"),
    "a field more": (lambda told: written(told | {"remark": ""}), "remark"),
    "a field less": (lambda told: written({k: told[k] for k in told if k != "rule"}), "rule"),
    "a key twice": (
        lambda told: written(told).replace(b'"head"', b'"head":600,"head"'),
        "canonical form",
    ),
    "another form": (lambda told: canonical(told, has_floats=False), "canonical form"),
    "no JSON": (lambda told: b"Dear all,", "not JSON"),
    "a tree too large for its files": (
        lambda told: written(told | {"tree": told["tree"] | {"size": 2**60}}),
        "lists too few files",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_manifest_is_refused(name: str, bundle: Path) -> None:
    alter, says = REFUSED[name]
    manifest = orjson.loads((bundle / "manifest.json").read_bytes())
    (bundle / "manifest.json").write_bytes(alter(manifest))
    with pytest.raises(BadBundle, match=says):
        found(bundle)


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match="is no folder"):
        BundleFolder(tmp_path / "nowhere")
    with pytest.raises(BadBundle, match="is no bundle"):
        BundleFolder(tmp_path)
