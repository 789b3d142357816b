"""Is one ledger of the scenario, GeoNames Mali and UCDP's files as sound as its parts?

Needs the files of ../shared/data, which are no part of the project.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.commands.demo import AFTERWARDS, SCENARIO
from tests.command_line import CommandLine

DATA = Path(__file__).parents[2] / "shared" / "data"
GEONAMES = DATA / "geonames" / "ML.txt"
ACTORS = DATA / "ucdp" / "ucdp-actor-221.csv"
GED = DATA / "ucdp" / "ged-sample-1000.csv"
ASKED_ABOUT = re.compile("Bamba|L[eé]r[eé]|Kidal|Anefis|Nara|Nampala|Dennga|Tilelt|Gao|Bourem|Tess")

pytestmark = pytest.mark.skipif(
    not all(file.exists() for file in (GEONAMES, ACTORS, GED)),
    reason="../shared/data with geonames and ucdp is not here",
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    cli = CommandLine(tmp_path_factory.mktemp("real"))
    cli.write("ML.txt", "".join(places_of_mali()))
    record_all(cli)
    return cli


def places_of_mali() -> Iterator[str]:
    """A third of the file, so that the tests take no longer than a minute: the divisions, the
    places with names that the tests ask about, and every fourth of all others."""
    with GEONAMES.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file):
            if line.split("\t")[6] == "A" or ASKED_ABOUT.search(line) or number % 4 == 0:
                yield line


def record_all(cli: CommandLine) -> None:
    done = cli.run("record", SCENARIO, AFTERWARDS)
    assert done.code == 0, done.stderr
    for name, file, *options in (
        ("geonames", cli.folder / "ML.txt"),
        ("ucdp-actors", ACTORS),
        ("ucdp-ged", GED, "--release", "24.1"),
    ):
        report = cli.folder / f"{name}.csv"
        done = cli.run("import", name, file, *options, "--report", report)
        assert done.code == 0, done.stderr


def words(text: str) -> str:
    return " ".join(text.split())


def test_four_places_are_called_bamba_and_are_told_apart(real: CommandLine) -> None:
    found = words(real.run("search", "Bamba", "--first", "50").stdout)
    assert re.findall(r"(?<= )bamba(?:-\d+)? Bamba .*?\)", found) == [
        "bamba Bamba town in Gao region, Mali (17.0360, -1.4050)",
        "bamba-2460583 Bamba town in Mopti region, Mali (14.6439, -3.0984)",
        "bamba-2460584 Bamba town in Mali (10.3833, -7.1500)",
        "bamba-6659197 Bamba site in Kayes Region, Mali (12.1124, -11.2706)",
    ]


def test_the_gazetteer_and_the_dead_of_ged_change_no_answer_of_the_scenario(
    real: CommandLine, tmp_path: Path
) -> None:
    alone = CommandLine(tmp_path)
    assert alone.run("record", SCENARIO, AFTERWARDS).code == 0
    for place in ("kidal", "bourem", "bamba", "tessalit", "lere", "anefis"):
        for day in ("2023-09-12", "2023-11-14", "2024-03-20"):
            asked = ("who", place, "--on", day)
            assert answered(real, *asked) == answered(alone, *asked), (place, day)


def answered(cli: CommandLine, *asked: str) -> str:
    """The answer, without what the length of the ledger changes."""
    done = cli.run(*asked)
    assert done.code == 0, done.stderr
    return done.stdout.partition("Basis:")[0]


def test_the_situation_of_mali_covers_all_of_it(real: CommandLine) -> None:
    page = words(real.run("situation", "--on", "2024-03-20", "--within", "mali", "--brief").stdout)
    assert "6 places are held by FAMa. 3 places are held by CSP (1 not certain)." in page
    assert re.search(r"Of \d,\d{3} places nothing is said\.", page)
    fought = words(real.run("situation", "--on", "2022-03-10", "--within", "mali").stdout)
    assert "Government of Mali fought JNIM near Dennga-Ouro; 2 died" in fought


def test_the_chronicle_of_a_place_has_the_words_of_every_source(real: CommandLine) -> None:
    """Léré is by the scenario a town, with a code by GeoNames, and with 20 dead of 1991 by GED; the
    Léré of Mopti is another place."""
    told = json.loads(real.run("events", "--location", "lere", "--json").stdout)["nodes"]
    assert {"LocationRegistered", "LocationAmended", "ClashReported"} <= {
        each["__typename"] for each in told
    }
    sources = {each["report"]["source"]["slug"] for each in told if each.get("report")}
    assert {"ucdp-ged", "world-press"} <= sources
    other = json.loads(real.run("events", "--location", "lere-6866964", "--json").stdout)["nodes"]
    assert [each["__typename"] for each in other] == ["LocationRegistered"]
    periods = real.run("timeline", "lere").stdout
    assert periods.startswith("Léré:\n  from the beginning: unknown\n")


def test_a_row_about_a_region_is_no_row_about_a_town(real: CommandLine) -> None:
    told = real.run("events", "--source", "ucdp-ged", "--location", "mopti-region").stdout
    assert "Government of Mali fought JNIM in Mopti region; 1 died" in words(told)


def test_importing_everything_again_adds_nothing_and_the_views_are_a_replay(
    real: CommandLine,
) -> None:
    head = real.head
    record_all(real)
    assert real.head == head
    assert not (real.folder / "ucdp-ged.csv").exists()  # nothing new to look at
    done = real.run("verify", "--samples", "40")
    assert done.code == 0, done.stderr
    assert done.stdout.endswith("The views say what the ledger says.\n")
