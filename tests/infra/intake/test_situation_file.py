"""A situation file says what happened, and where in it something is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from domain.events import (
    EVENT_TYPES,
    ActorRegistered,
    EventRetracted,
    LocationRegistered,
    SituationEvent,
    TownSeized,
)
from domain.refusals import UnknownReference
from domain.values import ActorId, ActorKind
from infra.field_errors import PATTERNS
from infra.intake.problems import BadInput
from infra.intake.schema import FILE, record_schema, schema_text
from infra.intake.situation_file import SituationFile, read_situation
from infra.intake.text_stream import open_text
from infra.intake.yaml_records import yaml_records
from infra.ledger.codec import identify

SCENARIO = Path(__file__).parents[3] / "infra" / "scenarios" / "mali.yaml"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "news.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path: Path) -> SituationFile:
    return read_situation(path)


def told(path: Path) -> list[str]:
    """What is wrong with the file, without the folder that it is in."""
    with pytest.raises(BadInput) as refused:
        read_situation(path)
    return str(refused.value).replace(f"{path.parent}/", "").splitlines()


SEIZED = """\
- type: TownSeized
  location: kidal
  by: [fama, wagner]
  occurred: 2023-11-14
  report: news-1
  credibility: 2
"""


# ---- what a file says --------------------------------------------------------------------------


def test_a_record_is_an_event_under_its_own_name(write: Write) -> None:
    (statement,) = read(write(SEIZED)).statements
    assert statement == identify(
        TownSeized.model_validate(
            {
                "location": "kidal",
                "by": ["fama", "wagner"],
                "occurred": "2023-11-14",
                "report": "news-1",
                "credibility": 2,
            }
        )
    )


def test_json_lines_say_the_same_as_yaml(write: Write) -> None:
    line = (
        '{"type": "TownSeized", "location": "kidal", "by": ["fama", "wagner"], '
        '"occurred": "2023-11-14", "report": "news-1", "credibility": 2}'
    )
    as_json = read(write(f"\n{line}\r\n\n", "news.jsonl"))
    assert as_json.statements == read(write(SEIZED)).statements


@pytest.mark.parametrize("written", ["2023", "2023-10", "2023-11-14", "2023-10-05/2023-10-06"])
def test_a_time_needs_no_quotes(write: Write, written: str) -> None:
    (statement,) = read(write(SEIZED.replace("2023-11-14", written))).statements
    assert isinstance(statement.event, SituationEvent)
    assert statement.event.occurred.text == written


def test_numbers_are_text_where_text_is_wanted(write: Write) -> None:
    text = """
- type: LocationRegistered
  location: 1984
  name: 12.50
  kind: town
  aliases: [1, no, {text: 0o7}]
  codes: [{scheme: geonames, code: 02457161}]
  coordinates: {latitude: 18, longitude: 1.5}
"""
    (statement,) = read(write(text)).statements
    place = statement.event
    assert isinstance(place, LocationRegistered)
    assert (place.location, place.name) == ("1984", "12.50")
    assert [alias.text for alias in place.aliases] == ["1", "no", "0o7"]
    assert place.codes[0].code == "02457161"


def test_a_field_that_is_left_empty_counts_as_not_given(write: Write) -> None:
    assert read(write(f"{SEIZED}  summary:\n  taken_from: ~\n")).statements == (
        read(write(SEIZED)).statements
    )


WRONG = "type: Correction, event: 9cbb8ea8-1316-57b1-bc9a-9273a41162ae, reason: x, report: p-1"
REPORT = "type: ReportFiled, report: p-1, source: press, published: 2023-11-15"


def test_a_field_that_no_event_has_is_refused_though_it_is_empty(write: Write) -> None:
    """The comma ends the title, and half of it would be lost."""
    (message,) = told(write(f"- {{{REPORT}, title: Governor killed, RSF in control}}\n"))
    assert ": RSF in control: no field of ReportFiled has that name" in message
    assert "did you mean" not in message
    assert message.endswith("if a comma cut it off from the text before it, quote that text")
    (title,) = read(write(f"- {{{REPORT}, title: 'Governor killed, RSF in control'}}\n")).statements
    assert getattr(title.event, "title", "") == "Governor killed, RSF in control"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("{type: TownSeized, by: fama, x: null}", ": x: no field of TownSeized has that name"),
        ("{type: TownSeized, by: fama, x: ~}", ": x: no field of TownSeized has that name"),
        (
            "{type: TownSeized, by: fama, sumary: }",
            "sumary: no field of TownSeized has that name; d",
        ),
        (
            "{type: TownSeized, by: , location: x}",
            ": by: it is empty; TownSeized needs it",
        ),
        (
            "{type: LocationRegistered, coordinates: {latitude: 1, longitude: 2, height: }}",
            "coordinates.height: no field of Coordinates has that name",
        ),
        (
            "{type: Correction, event: x, reason: Wrong, it was Gao, report: p-1}",
            "no field of Correction has that name; there are event, reason, report, corrected; if",
        ),
        (
            f"{{{WRONG}, corrected: {{type: TownSeized, summary: Fled, nobody died}}}}",
            "corrected.nobody died: no field of TownSeized has that name",
        ),
    ],
)
def test_emptiness_is_no_excuse(write: Write, record: str, message: str) -> None:
    assert any(message in line for line in told(write(f"- {record}\n")))


@pytest.mark.parametrize("value", ['""', "''", "[]", "{}", "0", "text", "null"])
def test_a_field_with_a_value_was_not_cut_off_by_a_comma(write: Write, value: str) -> None:
    (message,) = told(write(f"- {{{REPORT}, title: Governor killed, foo: {value}}}\n"))
    assert ": foo: no field of ReportFiled has that name; there are report, source, " in message
    assert "comma" not in message


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("titel", "did you mean title?"),
        ("content", "did you mean content_hash?"),
        ("RSF in control", "there are report, source, "),
        ("fro", "there are report, source, "),
        ("%", "there are report, source, "),
    ],
)
def test_only_what_is_near_is_suggested(write: Write, field: str, hint: str) -> None:
    messages = told(write(f"- {{{REPORT}, title: A, {field}: x}}\n".replace("%", "'%'")))
    assert [f"no field of ReportFiled has that name; {hint}" in each for each in messages] == [True]


@pytest.mark.parametrize(
    "message",
    [
        "reasn: no field of Correction has that name; did you mean reason?",
        "replaced_by: no field of Correction has that name; there are event, reason, report, corr",
        "event: it is missing; Correction needs it",
    ],
)
def test_a_correction_is_told_of_its_own_fields(write: Write, message: str) -> None:
    path = write(f"- {{{WRONG}, reasn: x, replaced_by: x}}\n- {{type: Correction}}\n")
    assert any(message in each for each in told(path))
    assert all("EventRetracted" not in each for each in told(path))


def test_null_in_json_is_no_excuse_either(write: Write) -> None:
    line = '{"type": "TownSeized", "by": null, "x": null}\n'
    messages = told(write(line, "news.jsonl"))
    assert any(": x: no field of TownSeized has that name" in each for each in messages)
    assert any(": by: it is missing; TownSeized needs it" in each for each in messages)


def test_keys_ids_and_key_words_are_read_without_what_nobody_sees(write: Write) -> None:
    hidden = (
        '- {"ty\u200bpe": "Town\u00adSeized", "loc\u2060ation": "kidal\u200b", '
        '"by": ["\u202afama\u202c", wagner], "occurred": "2023-11-14\ufeff", '
        '"report": "news-1\u200e", "credibility": 2}\n'
    )
    assert read(write(hidden)).statements == read(write(SEIZED)).statements
    in_json = hidden[2:].replace("wagner", '"wagner"')
    assert read(write(in_json, "news.jsonl")).statements == read(write(SEIZED)).statements


def test_one_id_and_a_kind_are_read_without_what_nobody_sees(write: Write) -> None:
    (told,) = read(
        write(
            '- {type: ActorRegistered, actor: "fa\u200bma", name: "F", kind: "state-\u00adforce"}\n'
        )
    ).statements
    assert told.event == ActorRegistered(
        actor=ActorId("fama"), name="F", kind=ActorKind.STATE_FORCE
    )
    (seized,) = read(write(SEIZED.replace("[fama, wagner]", '"fama\u200b"'))).statements
    assert getattr(seized.event, "by", ()) == ("fama",)


def test_a_name_keeps_its_joiners(write: Write) -> None:
    record = "type: ActorRegistered, actor: a, kind: armed-group, name: می\u200cخواهم"
    (told,) = read(write(f"- {{{record}}}\n")).statements
    assert getattr(told.event, "name", "") == "می\u200cخواهم"


def test_a_field_given_twice_is_seen_through_what_nobody_sees(write: Write) -> None:
    (message,) = told(write('- {type: TownSeized, by: fama, "by\u200b": csp}\n'))
    assert message.endswith("by: it is given twice; keep one of the two")


def test_a_correction_is_the_right_event_and_the_retraction_of_the_wrong_one(write: Write) -> None:
    wrong = read(write(SEIZED)).statements[0]
    text = f"""
- type: Correction
  event: {wrong.id}
  reason: It was a day earlier.
  report: news-2
  corrected:
    type: TownSeized
    location: kidal
    by: fama
    occurred: 2023-11-13
    report: news-2
    credibility: 2
"""
    right, retraction = read(write(text)).statements
    assert isinstance(right.event, TownSeized)
    assert retraction.event == EventRetracted(
        event=wrong.id,
        reason="It was a day earlier.",
        report=right.event.report,
        replaced_by=right.id,
    )


def test_what_the_ledger_refuses_is_said_with_its_place(write: Write) -> None:
    situation = read(write(SEIZED))
    refusal = UnknownReference("location", "kidal", "location", ["kidal-2"])
    told = str(next(situation.steps()).refusal(0, refusal)).rsplit("/", 1)[-1]
    assert told == (
        "news.yaml:2:13: location: no location is registered as 'kidal'; did you mean kidal-2?"
    )


def test_the_shipped_scenarios_can_be_read() -> None:
    for path in (Path(__file__).parents[3] / "infra" / "scenarios").glob("*.yaml"):
        assert read(path).statements


# ---- what is wrong with it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("TownSeized", "TownSiezed", "1:9: type: no event is called 'TownSiezed'; did you mean To"),
        ("type: TownSeized", "kind: x", "1:3: type: it is missing; write which event this is"),
        ("location: kidal", "location: Kidal", "2:13: location: 'Kidal' is not an id; write lower"),
        ("location: kidal", "location: [a]", "2:13: location: a list is no text"),
        ("location: kidal", "locaton: kidal", "2:12: locaton: no field of TownSeized has that na"),
        ("  location: kidal\n", "", "1:3: location: it is missing; TownSeized needs it"),
        ("[fama, wagner]", "[]", "3:7: by: it is empty; name at least one"),
        ("[fama, wagner]", "{a: b}", "3:7: by: a mapping is not a list; write one, as in [a, b]"),
        ("[fama, wagner]", "[fama, Wagner]", "3:14: by[1]: 'Wagner' is not an id"),
        ("[fama, wagner]", "[fama, fama]", "3:7: by: the same actor is named twice"),
        (
            "2023-11-14",
            "2023-02-30",
            "4:13: occurred: '2023-02-30' is not a time: no day of 2023-02 is 30",
        ),
        ("2023-11-14", "14.11.2023", "4:13: occurred: '14.11.2023' is not a time; write a day ("),
        ("credibility: 2", "credibility: 7", "6:16: credibility: 7 is too large; the most is 6"),
        ("credibility: 2", "credibility: '2'", "6:16: credibility: '2' is not a whole number"),
        ("credibility: 2", "credibility: B", "6:16: credibility: 'B' is not a whole number"),
        ("report: news-1", "report: news-1\n  report: x", "6:3: report: it is given twice; keep o"),
        ("kidal", "&a kidal", "2:13: location: '&a' is an anchor; write the value out"),
        ("news-1", "*a", "5:11: report: '*a' is an alias; write the value out"),
        ("news-1", "!!python/name:x y", "5:11: report: 'tag:yaml.org,2002:python/name:x' is a tag"),
        ("news-1", '"a\\0b"', "5:11: report: the control character U+0000 stands here; remove it"),
        ("news-1", "a\x07", "5:12: the control character U+0007 stands here; remove it"),
        ("news-1", "'news", "5:11: this is not YAML: while scanning a quoted scalar"),
        ("news-1", "a: b", "5:12: this is not YAML: mapping values are not allowed"),
        ("news-1", "[[[[[[[[[[[[]]]]]]]]]]]]", "values are nested deeper than 10 levels"),
        ("- type", "? [a]\n- type", "this is not "),
        ("- type: TownSeized", "type: TownSeized", "1:1: this is not a list; begin each record"),
        (SEIZED, "- just text", "1:3: 'just text' is not a record; write its fields, 'type' first"),
        (SEIZED, "just text", "1:1: this is not a list; begin each record with '- type: ...'"),
        (SEIZED, f"{SEIZED}---\n{SEIZED}", "7:1: a second document begins here; a file holds one"),
        (SEIZED, "", "news.yaml: it holds no records"),
        (SEIZED, "# nothing yet\n", "news.yaml: it holds no records"),
        (SEIZED, "---\n", "news.yaml: it holds no records"),
        (SEIZED, "[]", "news.yaml: it holds no records"),
    ],
)
def test_what_is_wrong_is_said_with_line_column_and_field(
    write: Write, old: str, new: str, message: str
) -> None:
    assert old in SEIZED
    found = "\n".join(told(write(SEIZED.replace(old, new, 1))))
    assert found.startswith("news.yaml:")
    assert message in found


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"type": "TownSeized"', "news.jsonl:1:22: this is not JSON: expecting ',' delimiter"),
        ("[1]", "news.jsonl:1: a list is not a record"),
        ('{"a": 1, "a": 2}', "news.jsonl:1: 'a' is given twice; keep one of the two"),
        ('{"a": NaN}', "news.jsonl:1: NaN is not a number that JSON knows"),
        ('{"a": "\\u0000"}', "news.jsonl:1: the control character U+0000 stands here; remove it"),
        ('{"a": "\\ud800"}', "news.jsonl:1: the control character U+D800 stands here; remove it"),
        ("[" * 100_000, "news.jsonl:1: a number is too long, or values are nested too deeply"),
        (f'{{"a": {"9" * 5_000}}}', "news.jsonl:1: a number is too long, or values are nested"),
        ("\n\n{}", "news.jsonl:3: type: it is missing"),
        ("", "news.jsonl: it holds no records"),
    ],
)
def test_what_is_wrong_with_a_line_of_json(write: Write, line: str, message: str) -> None:
    assert message in told(write(line, "news.jsonl"))[0]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("kind: twon", "is not one of the words that stand here: town, base, region, route or si"),
        ("coordinates: {latitude: 95, longitude: 5}", "coordinates.latitude: 95 is too large; the"),
        ("coordinates: {latitude: x, longitude: 5}", "coordinates.latitude: 'x' is not a number"),
        (
            "coordinates: {latitude: .nan, longitude: 5}",
            "coordinates.latitude: nan is not a number",
        ),
        ("coordinates: 5", "coordinates: '5' is not a mapping; write its fields, each with a name"),
        ("coordinates: {lat: 5}", "coordinates.lat: no field of Coordinates has that name; did yo"),
        ("codes: [{scheme: geoname, code: x}]", "codes[0].scheme: 'geoname' is not one of the wor"),
        ("codes: [{scheme: ucdp, code: x, y: z}]", "codes[0].y: no field of ExternalCode has"),
        ("aliases: x", "aliases: 'x' is not a list; write one, as in [a, b]"),
        ("aliases: [{text: x, language: French}]", "aliases[0].language: 'French' is not a lang"),
        ("name: ''", "name: it is empty; write something, or leave it out"),
    ],
)
def test_what_is_wrong_with_a_place(write: Write, field: str, message: str) -> None:
    fields = {"location": "x", "name": "X", "kind": "town"}
    name, value = field.split(": ", 1)
    record = "\n  ".join(f"{key}: {text}" for key, text in (fields | {name: value}).items())
    assert message in "\n".join(told(write(f"- type: LocationRegistered\n  {record}\n")))


COMMON = "occurred: 2023-11-14, report: news-1, credibility: 2"
PLACED = f"location: kidal, {COMMON}"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (f"SiegeLayed, {PLACED}, by: a", "1:10: type: no event is called 'SiegeLayed'; did you"),
        (f"SiegeLaid, {PLACED}", "1:3: by: it is missing; SiegeLaid needs it"),
        (f"SiegeLifted, {PLACED}, from: a", "from: no field of SiegeLifted has that name; there"),
        (f"ClashReported, {PLACED}, sides: a", "sides: 'a' is not a list; write one, as in [a, b]"),
        (f"ClashReported, {PLACED}, sides: []", "sides: it is empty; name at least one"),
        (f"ClashReported, {PLACED}, sides: [a, []]", "sides[1]: it is empty; name at least one"),
        (f"ClashReported, {PLACED}, sides: [a, [b, a]]", "sides: an actor stands on one side only"),
        (f"ClashReported, {PLACED}, sides: [a, [b, A]]", "sides[1][1]: 'A' is not an id; write lo"),
        (
            f"ClashReported, {PLACED}, sides: [a], tactic: ambushes",
            "tactic: 'ambushes' is not one of the words that stand here: armed-clash, ambush, hit",
        ),
        (f"ClashReported, {PLACED}, sides: [a], tactic: ambushes", "; did you mean ambush?"),
        (
            f"ClashReported, {PLACED}, sides: [a], deaths: 12",
            "deaths: '12' is not a mapping; write",
        ),
        (
            f"ClashReported, {PLACED}, sides: [a], deaths: {{}}",
            "deaths: give low, best or high, at",
        ),
        (
            f"PopulationDisplaced, {PLACED}, people: {{low: 9, high: 3}}",
            "people: low, best and high must not decrease in this order",
        ),
        (
            f"PopulationDisplaced, {PLACED}, people: {{low: thousands}}",
            "people.low: 'thousands' is not a whole number; write one, without quotes",
        ),
        (f"PopulationDisplaced, {PLACED}, people: {{low: -1}}", "people.low: -1 is too small; the"),
        (
            f"PopulationDisplaced, {PLACED}, people: {{lowest: 1}}",
            "people.lowest: no field of Esti",
        ),
        (f"PopulationDisplaced, {PLACED}", "1:3: people: it is missing; PopulationDisplaced needs"),
        (f"NeedReported, {PLACED}, sector: wash", "sector: 'wash' is not one of the words that st"),
        (f"LocationRenamed, {PLACED}, name: ''", "name: it is empty; write something, or leave it"),
        (
            f"MandateEnded, {COMMON}, mission: a, locations: [x, x]",
            "locations: the same place is named twice",
        ),
        (f"AllianceFormed, {COMMON}, parties: a", "parties: it names only 1; name at least 2"),
        (f"ClashReported, {PLACED}, sides: [[A]]", "sides: too few of its entries can be taken; 1"),
        (f"ClashReported, {PLACED}, sides: [[A]]", "sides[0][0]: 'A' is not an id; write lower"),
        (f"AllianceFormed, {COMMON}, parties: []", "parties: it is empty; name at least one"),
        (f"AllianceEnded, {COMMON}, parties: [a, a]", "parties: the same actor is named twice"),
        (
            f"AlignmentShifted, {COMMON}, actor: a",
            "1:3: name from_patron, to_patron, or two that differ",
        ),
        (f"AlignmentShifted, {COMMON}, actor: a, to_patron: a", "1:3: an actor is not its own pat"),
        (
            f"ActorMerged, {COMMON}, merged: [a, b], into: b",
            "1:3: an actor can't merge into itself",
        ),
        (f"ActorSplit, {COMMON}, actor: a, into: a", "1:3: an actor is no splinter of itself"),
        (f"ActorDissolved, {COMMON}, actor: a, succeeded_by: a", "1:3: an actor can't succeed it"),
        (f"CoalitionJoined, {COMMON}, members: a, coalition: a", "1:3: a coalition is not its own"),
        (f"AffiliationDeclared, {COMMON}, actor: a, parent: a", "1:3: an actor is not its own par"),
        (
            f"StatementIssued, {COMMON}, by: a, stance: concerned",
            "stance: 'concerned' is not one of the words that stand here: support, concern, condem",
        ),
    ],
)
def test_what_is_wrong_with_other_events(write: Write, record: str, message: str) -> None:
    found = "\n".join(told(write(f"- {{type: {record}}}\n")))
    assert found.startswith("news.yaml:1:")
    assert message in found


@pytest.mark.parametrize("value", ["x" * 10_000_000, "x " * 5_000_000])
@pytest.mark.parametrize("field", ["summary", "location", "report", "occurred", "nonsense", "type"])
def test_ten_megabytes_are_refused_and_not_repeated(write: Write, field: str, value: str) -> None:
    text = (
        f'{SEIZED}  {field}: "{value}"\n'
        if field not in SEIZED
        else "\n".join(
            f'{line.split(":")[0]}: "{value}"' if f"{field}:" in line else line
            for line in SEIZED.splitlines()
        )
    )
    found = "\n".join(told(write(text)))
    assert f" {field}: " in found
    assert len(found) < 1_000
    if field == "summary":
        assert f"it is {len(value):,} characters long; the most is 10,000" in found


def test_a_long_list_of_problems_is_cut(write: Write) -> None:
    found = told(write("- nonsense\n" * 1_000))
    assert len(found) == 21
    assert found[-1] == "and 980 more"


def test_a_file_that_is_not_utf8(write: Write) -> None:
    path = write("- type: Café\n".encode("latin-1"))
    assert told(path) == [
        "news.yaml:1: byte 12 of the file, 0xe9, is not UTF-8; save the file as UTF-8"
    ]
    assert "0xff, is not UTF-8" in told(write(SEIZED.encode("utf-16")))[0]


def test_what_cannot_be_read(tmp_path: Path, write: Write) -> None:
    (tmp_path / "folder.yaml").mkdir()
    assert told(tmp_path / "folder.yaml") == ["folder.yaml: it can't be read: is a directory"]
    assert told(tmp_path / "no.yaml") == ["no.yaml: it can't be read: no such file or directory"]
    assert "its name says neither YAML" in told(write(SEIZED, "news.txt"))[0]


def test_a_correction_of_something_that_is_no_statement(write: Write) -> None:
    text = """
- type: Correction
  event: abc
  reason: x
  report: r
- type: Correction
  event: 9cbb8ea8-1316-57b1-bc9a-9273a41162ae
  reason: x
  report: r
  corrected: {type: SourceRegistered}
"""
    first, second = told(write(text))
    assert "news.yaml:3:10: event: 'abc' is not the id of an event; write the UUID" in first
    assert "news.yaml:10:21: corrected.type: 'SourceRegistered' can't be corrected" in second


# ---- the schema --------------------------------------------------------------------------------


def test_the_stored_schema_is_that_of_the_types() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(), "python -m infra.intake.schema"


def test_the_schema_has_every_record_and_every_field() -> None:
    schema = record_schema()
    for name, kind in EVENT_TYPES.items():
        record = schema["$defs"][name]
        assert {"$ref": f"#/$defs/{name}"} in schema["oneOf"]
        assert set(record["properties"]) == {"type", *kind.model_fields}
        assert record["required"][0] == "type"


def test_the_scenario_is_valid_by_the_schema() -> None:
    schema = Draft202012Validator(record_schema())
    schema.check_schema(schema.schema)
    with open_text(SCENARIO) as text:
        for record in yaml_records(text, "mali.yaml"):
            schema.validate(record.value)
    for wrong in ({}, {"type": "TownSeized"}, {"type": "Correction", "event": "x"}):
        assert not schema.is_valid(wrong)


def test_every_pattern_has_plain_words() -> None:
    assert set(_patterns(record_schema())) <= set(PATTERNS)


def _patterns(schema: object) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        return own + [found for each in schema.values() for found in _patterns(each)]
    if isinstance(schema, list):
        return [found for each in schema for found in _patterns(each)]
    return []
