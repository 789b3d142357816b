"""Do the examples work? Each command line of the pages and of `--help` is run on the demo."""

import json
import re
import shlex
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import sleep
from urllib.request import urlopen

import click
import pytest

from api.cli import COMMANDS, main
from api.http.app import create_app
from api.node import open_node
from infra.log.checkpoints import Checkpoint
from infra.log.key_files import read_signer_key
from infra.log.signed_notes import SignedNote
from infra.log.timestamps import Timestamp
from infra.log.witness_memory import WitnessMemory
from tests.api.serving import serving, wait_for_log
from tests.command_line import CommandLine
from tests.infra.datasets import ucdp
from tests.infra.datasets.acled import exports
from tests.keys import write_private
from tests.logs import ANOTHER_WITNESS, WITNESS
from tests.pages import PAGES
from tests.pages import examples as shown_on
from tests.timestamp_authority import CLOCK, ROOT_PEM, TSA, authority, response
from tests.workbooks import Sheets, write_xlsx

REPORT = """\
- {type: SourceRegistered, source: reuters, name: Reuters, reliability: B}
- {type: ReportFiled, report: reuters-2023-11-14, source: reuters, published: 2023-11-14,
   title: Kidal}
"""
PLACE = "- {type: LocationRegistered, location: tin-essako, name: Tin-Essako, kind: town}\n"
TABLE = """\
location_id,name,lat,lon,known_at,as_of,controller,note,source_link
100,Menaka,15.9,2.4,2023-11-20T00:00:00Z,2023-11-19,CSP,,
100,Menaka,15.9,2.4,2023-12-20T00:00:00Z,2023-12-19,FAMa,,
"""
GAZETTEER = (
    "1\tMenaka\tMenaka\t\t15.9\t2.4\tP\tPPL\tML\t\t09\t\t\t\t0\t\t\tAfrica/Bamako\t2012-01-18\n"
)
EVENTS_MAP = """\
source: {source: observers, name: Observers, reliability: C}
place: {name: Town, latitude: Lat, longitude: Lon}
time: Date
event: {column: Type, values: {Seizure: TownSeized}}
fields: {by: By}
"""
CONTROL_MAP = """\
source: {source: observers, name: Observers, reliability: C, continuous: true}
place: {id: Town}
time: Date
control: Holder
"""
FRONT_MAP = """\
source: {source: front, name: Front, reliability: B, continuous: true}
status: {property: status, values: {a: fama}}
"""
SERVING = ("tenure demo", "tenure serve", "TENURE_KEYS=keys.json tenure serve", "tenure witness")
"""These go on until they are stopped."""
DATABASES = ("TENURE_LEDGER=postgresql://", "TENURE_LEDGER=umadb://")
"""These need a database on another machine; tests/api/test_nodes.py serves on such ledgers."""
SERVED = "http://127.0.0.1:8000"
"""The address in examples that ask a server."""
QUESTIONS = ("tenure who", "tenure replay", "tenure situation", "tenure verify-export")


def commands(command: click.Command = main, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command and those below it, by the words that call it."""
    yield path or "tenure", command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}".strip())


def lines_of(text: str) -> Iterator[str]:
    """The command lines in a text, one that goes on below as one, without their comments."""
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if found := re.match(r"\s*(?:\$ )?((?:TENURE_\w+=\S+ )?tenure [^A-Z\s]\S*.*)", line):
            yield re.split(r"\s{2,}|\s#", found[1].replace("TOKEN  ", "TOKEN "))[0].strip()


def examples() -> Iterator[tuple[str, str]]:
    """Each example with where it stands."""
    for name, command in commands():
        for line in lines_of((command.help or "").replace("\b", "")):
            yield f"{name} --help", line
    for page in PAGES:
        for text in (*shown_on("sh", page), *shown_on("console", page)):
            yield from ((page, line) for line in lines_of(text) if not line.startswith(DATABASES))


EXAMPLES = [(where, line) for line, where in {line: where for where, line in examples()}.items()]
"""Each once."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo, a key that has signed its log, and the files that examples name."""
    cli = CommandLine(tmp_path_factory.mktemp("examples"))
    cli.run("keygen", cli.folder / "signing.key", "--name", "example.com/tenure")
    assert cli.run("demo", "--no-serve", **signing(cli)).code == 0
    witnesses = (WITNESS, ANOTHER_WITNESS)
    listed = cli.write("witnesses.txt", "".join(f"{each.verifier}\n" for each in witnesses))
    update = {"signing_key": cli.folder / "signing.key", "witnesses": Path(listed)}
    with open_node(cli.settings.model_copy(update=update)) as node:
        node.log.catch_up()
        note = node.log.checkpoint()
        assert note
        cosignatures = tuple(each.cosign(note.text, at=1_700_000_000) for each in witnesses)
        node.log.add_cosignatures(SignedNote(note.text, cosignatures))
        token = response(CLOCK, sha256(note.text.encode()).digest())
        node.log.add_timestamp(Timestamp(Checkpoint.parse(note.text), token))
    cli.write("tsa-root.pem", ROOT_PEM)
    cli.write("checkpoint.tsr", token)
    cli.run("keygen", cli.folder / "witness.key", "--name", "witness.example.org", "--witness")
    cli.write("logs.txt", f"{read_signer_key(cli.folder / 'signing.key').verifier}\n")
    key = read_signer_key(cli.folder / "witness.key").verifier
    WitnessMemory(cli.folder / "witness.db", key, begins=True).close()
    for name in ("kept-in-march", "kept-in-june"):
        cli.write(name, str(note))
    cosigned = WITNESS.cosign(note.text, at=1_700_000_000)
    cli.write("checkpoint.cosigned", f"{note}{cosigned}\n")
    cli.write("witnesses", f"{WITNESS.verifier}\n")
    cli.write("keys.txt", f"{read_signer_key(cli.folder / 'signing.key').verifier}\n")
    for name in ("mali-2023", "mali-2024"):
        assert cli.run("export", cli.folder / name, **signing(cli)).code == 0
    scopes = {"subject": "ana", "scopes": ["record"]}
    write_private(cli.folder / "keys.json", json.dumps({sha256(b"token").hexdigest(): scopes}))
    cli.write("reports.yaml", REPORT)
    cli.write("places.yaml", PLACE)
    cli.write(
        "november.jsonl",
        '{"type": "SourceRegistered", "source": "afp", "name": "AFP", "reliability": "B"}\n',
    )
    assert cli.run("backup", cli.folder / "tenure-march.db").code == 0
    for name in ("control-table.csv", "ukraine-2022h1.csv", "mali.csv", "sudan.csv"):
        cli.write(name, TABLE)
    for name in ("ML.txt", "allCountries.txt"):
        cli.write(name, GAZETTEER)
    for name in ("alternateNamesV2.txt", "alternateNamesModifications-2024-05-01.txt"):
        cli.write(name, "1\t1\tfr\tMénaka\t\t\t\t\t\t\n")
    write_tables(cli)
    write_datasets(cli)
    return cli.folder


def write_tables(cli: CommandLine) -> None:
    """Tables and maps of polygons, each with its map."""
    cli.write(
        "events.csv", "ID,Type,Town,Lat,Lon,Date,By\n1,Seizure,Ber,16.8,-2.5,2023-11-01,FAMa\n"
    )
    cli.write("events.yaml", EVENTS_MAP)
    rows: Sheets = {"Control": [["Town", "Date", "Holder"], ["Ber", "14/11/2023", "FAMa"]]}
    write_xlsx(cli.folder / "control.xlsx", rows)
    cli.write("control.yaml", CONTROL_MAP)
    rows = {
        "Control": [["Town", "Published", "Holder"], ["Ber", "03/11/2023", "FAMa"]],
        "Old": [[1]],
    }
    write_xlsx(cli.folder / "mali.xlsx", rows)
    ring = [[0, 17], [3, 17], [3, 20], [0, 20], [0, 17]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"status": "a"}, "geometry": geometry}
    for day in ("20240315", "20240316"):
        cli.write(f"front_{day}.geojson", json.dumps({"features": [feature]}))
    cli.write("front.yaml", FRONT_MAP)


def write_datasets(cli: CommandLine) -> None:
    """Exports of ACLED and UCDP."""
    exports.export(cli.folder / "acled-mali.csv", exports.row())
    export, actors = str(cli.folder / "acled-mali.csv"), str(cli.folder / "actors.yaml")
    assert cli.run("import", "acled", export, "--draft-actors", actors).code == 0
    exports.export(
        cli.folder / "africa-2016.csv",
        exports.of_2016(event_date="14/11/2016", year="2016"),
        columns=exports.OF_2016,
    )
    cli.write("deleted.csv", "event_id_cnty,deleted_timestamp\nAZW1,1700700000\n")
    for name in ("ged-mali.csv", "GEDEvent_v24_1.csv", "GEDEvent_v24_0_3.csv"):
        ucdp.table(cli.folder / name, ucdp.GED_COLUMNS, ucdp.CLASH)
    for name in ("actors.csv", "ucdp-actor-241.csv"):
        ucdp.table(cli.folder / name, ucdp.ACTOR_COLUMNS, ucdp.ACTOR)


def signing(cli: CommandLine) -> dict[str, str]:
    return {"TENURE_SIGNING_KEY": str(cli.folder / "signing.key")}


@pytest.fixture
def cli(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A copy of that folder, to work in."""
    shutil.copytree(prepared, tmp_path / "cli")
    monkeypatch.chdir(tmp_path / "cli")
    return CommandLine(tmp_path / "cli")


def words_of(cli: CommandLine, line: str) -> list[str]:
    """The words as a shell gives them; KEY, TOKEN and DATE stand for what a reader would give."""
    line = re.sub(r"^TENURE_KEYS=keys.json ", "", line)
    line = line.replace("~", str(cli.folder)).replace(" DATE", f" {datetime.now(UTC).date()}")
    line = re.sub(r" (KEY|example\.com/tenure\+\S+\.\.\.)", " keys.txt", line)
    if " TOKEN" in line:
        asked = "who kidal" if line.startswith("tenure who") else "situation"
        if line.startswith("tenure export-table"):
            asked = "export-table control --output again.csv --force"
        told = cli.run(*shlex.split(f"{asked} --on 2023-11-14"))
        line = line.replace(" TOKEN", f" {told.stdout.rpartition('Token: ')[2].strip()}")
    return shlex.split(line.partition(" > ")[0])[1:]


def settings_for(cli: CommandLine, words: list[str]) -> dict[str, str]:
    """Of the node that signs; an import goes into a ledger of its own."""
    given = signing(cli) | {"TENURE_WITNESSES": "witnesses", "TENURE_KEYS": "keys.json"}
    if words[0] in {"import", "restore"} and words[1] != "polygons":
        given |= {"TENURE_LEDGER": "sqlite:///other.db", "TENURE_VIEWS": "other-views.db"}
    return given


@contextmanager
def served(cli: CommandLine) -> Iterator[str]:
    """The address of a server on the ledger that signs, once its log has caught up."""
    update = {"signing_key": cli.folder / "signing.key"}
    with serving(create_app(cli.settings.model_copy(update=update))) as address:
        wait_for_log(address)
        yield address


@pytest.mark.parametrize(
    ("where", "line"), [each for each in EXAMPLES if not each[1].startswith(SERVING)]
)
def test_an_example_works_on_the_demo(cli: CommandLine, where: str, line: str) -> None:
    words = words_of(cli, line)
    if words[0] == "keygen":  # a key is never overwritten
        Path(words[1]).unlink(missing_ok=True)
    if words[0] == "export":
        shutil.rmtree(cli.folder / words[1], ignore_errors=True)
    if words[0] == "export-table" and "--output" in words:
        words.append("--force")
    with (
        served(cli) if SERVED in line else nullcontext(SERVED) as address,
        authority() if TSA in line else nullcontext(TSA) as tsa,
    ):
        words = [word.replace(SERVED, address).replace(TSA, tsa) for word in words]
        done = cli.run(*words, **settings_for(cli, words))
    assert done.code == 0, f"{where}: {line}\n{done.stderr}"
    told = done.stderr if words[0] == "import" else done.stdout
    assert (done.stdout or told).strip(), f"{where}: {line} prints nothing"
    if line.startswith(QUESTIONS):
        assert not re.search(r": unknown$|^Nothing is known$", done.stdout, re.MULTILINE)
        if line.startswith("tenure who") and "--json" in words:
            assert json.loads(done.stdout)["status"] != "UNKNOWN"
        assert "had been recorded" not in done.stderr


@pytest.mark.parametrize("line", sorted({line for _, line in EXAMPLES if line.startswith(SERVING)}))
def test_an_example_that_serves_does(cli: CommandLine, line: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    setting, is_set, line = ("", "", line) if line.startswith("tenure") else line.partition(" ")
    given = dict([setting.split("=")]) if is_set else {}
    serves = rf"(serving GraphQL|witness \S+ of .*) on http://\S+:{port}\b"
    with cli.start(*words_of(cli, line), "--port", str(port), **given) as server:
        assert server.stderr is not None
        try:
            told = next((each for each in server.stderr if re.search(serves, each)), "")
            healthy = answered(f"http://127.0.0.1:{port}/healthz")
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)
    assert healthy == 200
    assert told
    assert server.returncode == 0


def answered(url: str) -> int:
    """The status with which the server answers, once it does."""
    for _ in range(300):
        try:
            with urlopen(url, timeout=10) as answer:
                return int(answer.status)
        except OSError:
            sleep(0.1)
    return 0


def test_every_command_has_an_example() -> None:
    without = {"rebuild", "schema", "import"}  # these need nothing more than their name
    shown = {line.partition("tenure ")[2].split()[0] for _, line in EXAMPLES}
    assert set(COMMANDS) - without <= shown
