"""What is said where nothing has been recorded, or had been by then? And is nothing made?"""

import shlex
from pathlib import Path

import pytest

from tests.command_line import KIDAL, CommandLine


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """An empty folder."""
    return CommandLine(tmp_path)


QUESTIONS = [
    "who kidal --on 2023-11-14",
    "who kidal --on 2023-11-14 --json",
    "who --token abc",
    "situation --on 2023-11-14",
    "situation --on 2023-11-14 --brief",
    "replay kidal --on 2023-11-14",
    "verify",
    "verify --no-views",
    "verify --replay kept",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_in_a_folder_without_a_ledger_makes_nothing(
    cli: CommandLine, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cli.folder)
    cli.run(*shlex.split(question)).refused(
        "there is no ledger yet at ", "it would be new and empty", "'tenure record FILE'"
    )
    assert list(cli.folder.iterdir()) == []


def test_neither_does_one_where_not_even_the_folder_is(cli: CommandLine) -> None:
    there = cli.folder / "elsewhere"
    told = cli.run(*shlex.split(QUESTIONS[0]), TENURE_LEDGER=f"sqlite:///{there}/ledger.db")
    told.refused("there is no ledger yet at ", "elsewhere/ledger.db")
    assert list(cli.folder.iterdir()) == []


@pytest.mark.parametrize("question", QUESTIONS[:6])
def test_a_question_to_an_empty_ledger_is_told_that_it_is(cli: CommandLine, question: str) -> None:
    told = cli.run(*shlex.split(question), TENURE_LEDGER="memory:")
    told.refused("the ledger is new and empty: nothing has been recorded in it")


def test_recording_begins_a_ledger(cli: CommandLine) -> None:
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    assert cli.run("who", "kidal", "--on", "2023-11-14").code == 0


TABLE = """\
location_id,name,lat,lon,known_at,as_of,controller,note,source_link
kidal,Kidal,18,1,2022-01-01,,both,,
"""


@pytest.mark.parametrize(
    "command",
    [
        "record late.yaml",
        "record kidal.json",
        "import claims-csv table.csv --controller both=saf,rsf",
        "import claims-csv table.csv --controller both=contested --until 2021-01-01",
        "import bundle elsewhere",
    ],
)
def test_a_command_that_is_refused_begins_no_ledger(
    cli: CommandLine, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.write("late.yaml", KIDAL.replace("2023-11-16", "2999-11-16"))
    cli.write("kidal.json", KIDAL)
    cli.write("table.csv", TABLE)
    given = set(cli.folder.iterdir())
    monkeypatch.chdir(cli.folder)
    cli.run(*command.split()).refused()
    assert set(cli.folder.iterdir()) == given


# ---- nothing by then -------------------------------------------------------------------------


def asked(cli: CommandLine, *options: str) -> tuple[str, str]:
    """The headline of the answer, and what is said beside it."""
    told = cli.run("who", "kidal", "--on", "2023-11-14", *options)
    assert told.code == 0
    return told.stdout.splitlines()[0].partition(": ")[2], told.stderr


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (
            ["--known-on", "2023-11-20"],
            ["by 2023-11-20: this ledger begins on ", "--published-by 2023-11-20"],
        ),
        (["--position", "0"], ["up to position 0: ", "--published-by 2023-11-14"]),
        (["--position", "10"], ["up to position 10: ", "came in at position 11, on 20"]),
    ],
)
def test_who_asks_before_anything_was_recorded_is_told_what_to_ask(
    kidal: CommandLine, options: list[str], parts: list[str]
) -> None:
    headline, beside = asked(kidal, *options)
    assert headline == "unknown"
    assert beside.startswith("Nothing on this question about Kidal had been recorded ")
    for part in parts:
        assert part in beside
    headline, beside = asked(kidal, "--published-by", "2023-11-20")
    assert headline.startswith("held by FAMa and Wagner")
    assert beside == ""


def test_the_answer_itself_is_as_it_was(kidal: CommandLine) -> None:
    told = kidal.run("who", "kidal", "--on", "2023-11-14", "--position", "0", "--json")
    assert told.stdout.startswith("{")
    assert "published-by" not in told.stdout
    assert "published-by" in told.stderr


@pytest.mark.parametrize(
    "question",
    [
        ["who", "kidal", "--on", "2014-01-01"],  # nobody ever said anything of that day
        ["who", "kidal-market", "--on", "2023-11-14", "--position", "5"],
        ["who", "kidal", "--on", "2023-11-14", "--according-to", "press", "--position", "12"],
        ["who", "kidal", "--on", "2014-06-01", "--not-according-to", "press"],
        ["situation", "--on", "2014-01-01"],
        ["situation", "--on", "2023-11-14", "--position", "12"],
    ],
)
def test_no_hint_is_given_where_another_question_would_not_help(
    kidal: CommandLine, question: list[str]
) -> None:
    told = kidal.run(*question)
    assert (told.code, told.stderr) == (0, "")


def test_a_situation_before_anything_was_recorded_is_told_what_to_ask(kidal: CommandLine) -> None:
    for form in ((), ("--json",)):
        told = kidal.run("situation", "--on", "2023-11-14", "--known-on", "2023-11-20", *form)
        assert told.code == 0
        assert "had been recorded by 2023-11-20: this ledger begins on " in told.stderr
        assert "add --published-by 2023-11-20 instead" in told.stderr


def test_a_ledger_that_cannot_be_looked_at_is_not_called_new(
    cli: CommandLine, tmp_path: Path
) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    told = cli.run(*shlex.split(QUESTIONS[0]), TENURE_LEDGER=f"sqlite:///{loop}")
    told.refused("loop")
    assert "new and empty" not in told.stderr
