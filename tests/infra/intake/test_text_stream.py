"""A file is read as a stream: however long it is, and wherever its pieces end."""

import os
import threading
from pathlib import Path

import pytest

from domain.events import EventRetracted
from infra.intake import situation_file
from infra.intake.problems import BadInput
from infra.intake.situation_file import read_situation
from infra.intake.text_stream import LONGEST_RECORD, open_text, text_of
from tests.command_line import CommandLine

PIECE = 64 * 1024
ZERO = Path("/dev/zero")
PLACE = '{{"type":"LocationRegistered","location":"{slug}","name":"{name}","kind":"town"}}\n'


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        read_situation(path)
    return str(refused.value).replace(f"{path.parent}/", "")


def places(count: int, name: str = "Town") -> str:
    return "".join(PLACE.format(slug=f"town-{number}", name=name) for number in range(count))


@pytest.mark.parametrize("character", ["é", "中", "🜚"])
def test_characters_across_the_ends_of_pieces_are_read_whole(
    tmp_path: Path, character: str
) -> None:
    for before in range(4):
        text = "a" * (PIECE - before) + character * 10 + "\n" + character * PIECE
        path = tmp_path / "text"
        path.write_text(text, encoding="utf-8-sig")
        assert text_of(path, 10_000_000) == text
        with open_text(path) as stream:
            assert list(stream.lines()) == text.split("\n")


@pytest.mark.parametrize("lines", [1, 999, 5_000])
def test_a_wrong_byte_and_a_control_character_are_named_with_their_place(
    tmp_path: Path, lines: int
) -> None:
    path = tmp_path / "places.jsonl"
    good = places(lines, name="Gao é").encode()
    path.write_bytes(good + b'  "\xff"\n')
    assert refusal(path) == (
        f"places.jsonl:{lines + 1}: byte {len(good) + 4:,} of the file, 0xff, is not UTF-8; "
        "save the file as UTF-8"
    )
    path.write_bytes(good + b'  "\x1b"\n')
    assert refusal(path) == (
        f"places.jsonl:{lines + 1}:4: the control character U+001B stands here; remove it"
    )


def test_a_character_cut_off_at_the_end_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "places.jsonl"
    path.write_bytes(b"\n\n\xe4\xb8")
    assert refusal(path).startswith("places.jsonl:3: byte 3 of the file, 0xe4, is not UTF-8")


@pytest.mark.parametrize("name", ["zero.yaml", "zero.jsonl", "zero"])
def test_a_file_without_end_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.symlink_to(ZERO)
    assert "the control character U+0000 stands here" in refusal(path)


def test_a_table_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="longer than 1,000 characters"):
        text_of(_pipe(tmp_path / "endless", b"a,b\n" * 100_000), 1_000)
    with pytest.raises(BadInput, match="U\\+0000"):
        text_of(ZERO, 10_000_000)


@pytest.mark.parametrize("name", ["endless.yaml", "endless.jsonl"])
def test_a_record_without_end_is_refused(tmp_path: Path, name: str) -> None:
    begun = b'- {type: "' if name.endswith("yaml") else b'{"type":"'
    path = _pipe(tmp_path / name, begun + b"x" * (LONGEST_RECORD + 5 * PIECE))
    assert f"a record is longer than {LONGEST_RECORD:,} characters" in refusal(path)


def test_a_pipe_can_be_read(tmp_path: Path) -> None:
    path = _pipe(tmp_path / "pipe.jsonl", places(500).encode())
    assert len(read_situation(path).statements) == 500


def test_reading_ends_after_a_thousand_problems(tmp_path: Path) -> None:
    path = _pipe(tmp_path / "pipe.jsonl", b"[]\n" * 200_000)
    *_, last = refusal(path).splitlines()
    assert last.startswith("and ")


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(situation_file, "TOGETHER", 10)


@pytest.mark.usefixtures("in_steps")
def test_a_long_file_is_recorded_in_steps_that_part_no_correction(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    right = (
        '{"type":"TownSeized","location":"town-1","by":["fama"],"occurred":"2023-11-14",'
        '"report":"news-1","credibility":2}'
    )
    correction = (
        '{"type":"Correction","event":"0b3c7c0e-5c1d-5f0e-9c58-7b1f5f1f2f0a","reason":"A day",'
        f'"report":"news-1","corrected":{right}}}\n'
    )
    path.write_text(places(9) + correction * 4 + places(7, name="Gao"))
    steps = [step.statements for step in read_situation(path).steps()]
    assert [len(step) for step in steps] == [11, 10, 3]
    for step in steps[:2]:
        told = [type(each.event) for each in step]
        assert told.count(EventRetracted) == len([it for it in told if "Seized" in it.__name__])


def test_a_refusal_in_a_later_step_says_what_is_recorded(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    missing = '{"type":"LocationRegistered","location":"x","name":"X","kind":"town","within":"y"}\n'
    path = line.write("places.jsonl", places(10_050) + missing)
    line.run("record", path).refused(
        f"{path}: the first 10,000 new statements are recorded; mend what follows",
        f"{path}:10051: no location is registered as 'y'",
    )
    line.write("places.jsonl", places(10_050))
    mended = line.run("record", path)
    assert "50 recorded, 10,000 recorded before; last position 10050" in mended.stdout


def _pipe(path: Path, content: bytes) -> Path:
    """A pipe with a writer who gives up when the reader does."""
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            try:
                pipe.write(content)
            except BrokenPipeError:
                return

    threading.Thread(target=write, daemon=True).start()
    return path
