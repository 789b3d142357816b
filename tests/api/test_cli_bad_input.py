"""Bad input: a clear refusal, exit code 1, nothing recorded, no traceback."""

from pathlib import Path

import pytest

from tests.command_line import KIDAL, CommandLine

HEADER = "location_id,name,lat,lon,known_at,as_of,controller,note,source_link\n"
SEIZED = """\
- type: TownSeized
  location: kidal
  by: fama
  occurred: 2023-11-14
  report: press-1
  credibility: 2
"""


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    return cli


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (["kidl", "--on", "2023-11-14"], ["no location is registered as 'kidl'", "mean kidal"]),
        (["Kidal Town", "--on", "2023-11-14"], ["no location is registered", "kidal"]),
        (["x" * 10_000, "--on", "2023-11-14"], ["is not the id of a location"]),
        (["kidal", "--on", "2023-02-30"], ["'2023-02-30' is not a time", "write a day"]),
        (["kidal", "--on", "yesterday"], ["'yesterday' is not a time"]),
        (["kidal", "--on", "2023-11"], ["a time that a question can be about; write a day"]),
        (["kidal", "--on", ""], ["'' is not a time"]),
        (["kidal", "--on", "2999-01-01"], ["2999-01-01 lies in the future"]),
        (["kidal", "--on", "2023-11-14", "--known-on", "2999-01-01"], ["lies in the future"]),
        (["kidal", "--on", "2023-11-14", "--position", "999"], ["position 999 is not recorded"]),
        (["kidal", "--on", "2023-11-14", "--published-by", "x"], ["'x' is not a time"]),
        (
            ["kidal", "--on", "2023-11-14", "--according-to", "pres"],
            ["no source is registered as 'pres'", "did you mean press"],
        ),
    ],
)
def test_a_question_that_has_no_answer(cli: CommandLine, args: list[str], parts: list[str]) -> None:
    cli.run("who", *args).refused(*parts)
    assert cli.head == 13


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (
            SEIZED.replace("kidal", "kidl"),
            ["news.yaml:2:13: location: no location is registered as 'kidl'", "did you mean kidal"],
        ),
        (SEIZED.replace("fama", "fma"), ["news.yaml:3:7: by: no actor is registered as 'fma'"]),
        (
            SEIZED.replace("2023-11-14", "2999-01-01"),
            ["news.yaml:4:13: occurred: 2999-01-01 lies in the future"],
        ),
        (
            SEIZED.replace("2023-11-14", "2023-11-31"),
            ["news.yaml:4:13: occurred: '2023-11-31' is not a time: no day of 2023-11 is 31"],
        ),
        (SEIZED.replace("fama", "[fama"), ["news.yaml:", "this is not YAML"]),
        (
            SEIZED.replace("credibility: 2", "credibility: high"),
            ["news.yaml:6:16: credibility: 'high' is"],
        ),
        (
            f"{SEIZED}  summary: {'x' * 10_000_000}\n",
            ["news.yaml:7:12: summary: it is 10,000,000 characters long; the most is 10,000"],
        ),
        (b"- type: Caf\xe9\n", ["news.yaml:1: byte 12 of the file, 0xe9, is not UTF-8"]),
        ("", ["news.yaml: it holds no records"]),
        (
            KIDAL.replace("name: Kidal\n", "name: Kidall\n"),
            ["news.yaml:7:13: location: the location 'kidal' is registered already"],
        ),
        (
            (
                "- {type: EventRetracted, event: 9cbb8ea8-1316-57b1-bc9a-9273a41162ae, reason: x, "
                "report: press-1}\n"
            ),
            ["news.yaml:1:33: event: the event 9cbb8ea8-1316-57b1-bc9a-9273a41162ae can't be ret"],
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_file_with_one_bad_record_stays_out_whole(
    cli: CommandLine, content: str | bytes, parts: list[str]
) -> None:
    good = SEIZED.replace("2023-11-14", "2023-11-01")
    whole = content if isinstance(content, bytes) or not content else good + content
    # The good record comes first and takes six lines; what is expected counts without it.
    path = cli.write("news.yaml", whole)
    shifted = [shift(part, 6) for part in parts] if whole != content else parts
    cli.run("record", path).refused(*shifted)
    assert cli.head == 13


def shift(part: str, lines: int) -> str:
    """The message, that many lines further down."""
    file, colon, rest = part.partition("news.yaml:")
    line, _, more = rest.partition(":")
    return f"{file}{colon}{int(line) + lines}:{more}" if line.isdigit() else part


def test_a_mistake_in_one_file_keeps_all_of_them_out(cli: CommandLine) -> None:
    good = cli.write("good.yaml", SEIZED.replace("2023-11-14", "2023-11-01"))
    bad = cli.write("bad.yaml", "- nonsense\n")
    told = cli.run("record", good, bad)
    told.refused("bad.yaml:1:3: 'nonsense' is not a record")
    assert told.stdout == ""
    assert cli.head == 13


def test_a_file_that_the_ledger_refuses_leaves_those_before_it_recorded(cli: CommandLine) -> None:
    files = [
        cli.write("1.yaml", SEIZED.replace("2023-11-14", "2023-11-01")),
        cli.write("2.yaml", SEIZED.replace("kidal", "kidl")),
        cli.write("3.yaml", SEIZED.replace("2023-11-14", "2023-11-03")),
    ]
    told = cli.run("record", *files)
    told.refused("2.yaml:2:13: location: no location")
    assert told.stdout == f"{files[0]}: 1 recorded, 0 recorded before; last position 14\n"
    assert cli.head == 14


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["table.csv: it is empty"]),
        ("location_id,name,lat,lon\na,A,1,1\n", ["table.csv:1: these columns are missing: known_"]),
        (f"{HEADER}a,A,1,1,2022-02-30,,Russia,,\n", ["table.csv:2: known_at: '2022-02-30' is not"]),
        (f"{HEADER}a,A,1,1,2999-01-01,,Russia,,\n", ["table.csv:2: known_at: 2999-01-01 lies in"]),
        (f"{HEADER}a,A,x,1,2022-02-03,,Russia,,\n", ["table.csv:2: lat: 'x' is not a number"]),
        (f"{HEADER}a,A,1,1,2022-02-03,,Russia\n", ["table.csv:2: it has 7 cells, the first line"]),
        (f"{HEADER}a,A,1,1,2022-02-03,,{'x' * 10_000_000},,\n", ["table.csv:2: this is not CSV"]),
        (HEADER.encode() + b"\xff\xc3\xa9", ["table.csv:2:1: the byte 0xff is not UTF-8"]),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_table_that_is_none(cli: CommandLine, content: str | bytes, parts: list[str]) -> None:
    cli.run("import", "claims-csv", cli.write("table.csv", content)).refused(*parts)
    assert cli.head == 13


def test_files_that_cannot_be_read(cli: CommandLine, tmp_path: Path) -> None:
    cli.run("record", tmp_path / "none.yaml").refused("none.yaml: it can't be read: no such file")
    cli.run("record", tmp_path).refused("it can't be read: is a directory")
    cli.run("import", "claims-csv", tmp_path / "none.csv").refused("it can't be read: no such")


# ---- surroundings that can't be used -----------------------------------------------------------


@pytest.mark.parametrize("command", ["who kidal --on 2023-11-14", "rebuild", "demo --no-serve"])
def test_ledgers_and_views_that_cannot_be_used(
    cli: CommandLine, command: str, tmp_path: Path
) -> None:
    args = command.split()
    text = tmp_path / "text.db"
    text.write_text("This is no database at all, only some text that is long enough to be read.")
    cli.run(*args, TENURE_LEDGER="mysql://x:secret@y").refused("names no ledger")
    cli.run(*args, TENURE_LEDGER=f"sqlite:///{text}").refused("text.db")
    cli.run(*args, TENURE_LEDGER="sqlite:////nowhere/at/all.db").refused("nowhere/at/all.db")
    cli.run(*args, TENURE_LEDGER="umadb://127.0.0.1:1").refused("cannot be reached")
    unreachable = "postgresql://u:secret@127.0.0.1:1/x?connect_timeout=1"
    refused = cli.run(*args, TENURE_LEDGER=unreachable)
    refused.refused("cannot be reached")
    assert "secret" not in refused.stderr
    if not args[0].startswith("demo"):
        cli.run(*args, TENURE_VIEWS=str(text)).refused("can't hold the views")


def test_views_of_another_ledger(cli: CommandLine, tmp_path: Path) -> None:
    assert cli.run("who", "kidal", "--on", "2023-11-14").code == 0
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert cli.run("record", cli.write("kidal.yaml", KIDAL), TENURE_LEDGER=other).code == 0
    late = cli.write("late.yaml", SEIZED)
    assert cli.run("record", late, TENURE_LEDGER=other).code == 0
    assert cli.run("who", "kidal", "--on", "2023-11-14", TENURE_LEDGER=other).code == 0
    told = cli.run("who", "kidal", "--on", "2023-11-14")
    told.refused("were built from another ledger", "TENURE_VIEWS")


def test_settings_that_cannot_be_used(cli: CommandLine) -> None:
    cli.run("rebuild", TENURE_AUTHOR="").refused("TENURE_AUTHOR: ")
    cli.run("verify", TENURE_SIGNING_KEY="").refused("TENURE_SIGNING_KEY: ", "names no file")


def test_a_refusal_looks_the_same_from_a_process_of_its_own(cli: CommandLine) -> None:
    told = cli.process("who", "kidl", "--on", "2023-11-14")
    told.refused("no location is registered as 'kidl'; did you mean kidal")
    assert told.stdout == ""
