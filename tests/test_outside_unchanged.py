"""The outside of the product is as it was: ledgers, tokens, bundles, logs, files, command line.

The examples are stored in tests/golden, and made again by the code of today through the command
line, HTTP and files alone. Held elsewhere, and not again here:

* the GraphQL schema: api/schema.graphql, by tests/api/test_contract.py
* the stored bytes and ids of every type of event: tests/infra/ledger/golden, by test_codec.py
* published signed notes and cosignatures: tests/infra/log/test_signed_notes.py
* the tiles of a log of 70,000 leaves: tests/infra/log/test_tiles.py
* tokens on every engine, after a rebuild, and in a bundle: tests/api/test_tokens.py
* every fault of a bundle, and its words: tests/infra/bundle/test_check.py, tests/api/test_export.py
* the words of answers in many histories: tests/journeys
"""

from pathlib import Path

import pytest

from tests.golden.program import run
from tests.golden.stored import (
    GOLDEN,
    MAKERS,
    dump_of,
    entries_of,
    stored,
    with_bundles,
)


@pytest.mark.parametrize("name", MAKERS)
def test_the_example_is_made_the_same_today(name: str, tmp_path: Path) -> None:
    made = MAKERS[name](tmp_path)
    for path, content in made.items():
        today, before = (
            each.decode(errors="surrogateescape") for each in (content, stored(path)[path])
        )
        assert today == before, (
            f"{path} would change; if it is meant to, run: python -m tests.golden '{name}'"
        )


def test_no_file_of_a_bundle_is_missing_today(tmp_path: Path) -> None:
    assert set(MAKERS["bundles"](tmp_path)) == set(stored("bundles"))


def test_a_stored_bundle_gives_the_stored_ledger_back(tmp_path: Path) -> None:
    run(
        with_bundles(tmp_path), "TENURE_LEDGER=sqlite:///again.db tenure import bundle stored/whole"
    )
    assert dump_of(tmp_path / "again.db") == (GOLDEN / "ledger.sql").read_bytes()


def test_a_bundle_up_to_a_day_gives_the_beginning_of_the_ledger_back(tmp_path: Path) -> None:
    run(with_bundles(tmp_path), "TENURE_LEDGER=sqlite:///then.db tenure import bundle stored/until")
    then, whole = entries_of(tmp_path / "then.db"), entries_of(tmp_path / "tenure.db")
    assert then
    assert whole.startswith(then)


def test_the_help_of_every_command_is_stored() -> None:
    told = (GOLDEN / "help.txt").read_text()
    for group, opening in (("", "$ tenure -h\n"), ("import ", "$ tenure import --help\n")):
        listed = told.split(opening)[1].split("Commands:\n")[1].split("[exit")[0]
        names = [line.split()[0] for line in listed.splitlines() if line[2:3].strip()]
        assert names
        for name in names:
            assert f"\n$ tenure {group}{name} --help\n" in told
