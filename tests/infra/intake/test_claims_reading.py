"""How are the rows of a claims table read that say more, or less, than they seem to?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.node import open_node
from domain.events import (
    ActorRegistered,
    EventReinstated,
    EventRetracted,
    SituationEvent,
    SourceEnded,
)
from domain.occurred import Occurred
from domain.values import ActorId, ActorKind, EventId, SourceId
from infra.intake.claims_csv import ClaimsTable, DoubtfulRow, Terms, read_claims
from infra.intake.claims_import import ImportOutcome, import_claims
from infra.intake.controllers import GivenMeaning, actor_of
from infra.intake.problems import BadInput
from infra.ledger.ledger import Ledger, open_ledger
from infra.settings import Settings
from tests.claims_by_hand import UKRAINE
from tests.infra.intake.test_claims_csv import HEADER, NOW, Importer, table_of

FAULTS = UKRAINE.parents[2] / "faults"
needs_faults = pytest.mark.skipif(not FAULTS.exists(), reason="../shared/faults is not here")
QUESTION = "may be one actor, several or none; say what it means, by one of"
TOWN = "t-1,Town,46,32"
RUSSIA, UKRAINE_HOLDS = ("HELD", frozenset({"russia"})), ("HELD", frozenset({"ukraine"}))


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    settings = Settings(ledger=f"sqlite:///{tmp_path / 'ledger.db'}", views=tmp_path / "views.db")
    with open_node(settings, now=lambda: datetime(2026, 1, 1, 12, tzinfo=UTC)) as node:
        yield Importer(node, tmp_path)


def told(**meanings: str) -> Terms:
    """Terms by which controllers mean something: `told(**{"SAF / RSF": "contested"})`."""
    said = {text: GivenMeaning.parse(meaning) for text, meaning in meanings.items()}
    return replace(table_of(), controllers=said)


def table(importer: Importer, *rows: str, terms: Terms | None = None) -> ClaimsTable:
    return read_claims(importer.write(*rows), terms or table_of(), NOW)


def asked(importer: Importer, *rows: str, terms: Terms | None = None) -> list[str]:
    """What the reading of a table ends with, line by line."""
    with pytest.raises(BadInput) as refused:
        importer.imports(importer.write(*rows), terms)
    assert importer.node.ledger.head == 0
    return str(refused.value).replace(f"{importer.folder}/", "").splitlines()


# ---- What can't be seen ----------------------------------------------------------------------


@needs_faults
def test_contested_with_a_zero_width_space_is_contested(importer: Importer) -> None:
    importer.imports(FAULTS / "invisible.csv")
    assert importer.says("t-1", day="2022-03-05") == ("CONTESTED", frozenset())


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u202e", "\u200d", "\u2060", "\ufeff"])
def test_a_table_is_read_without_what_nobody_sees(importer: Importer, hidden: str) -> None:
    path = importer.write(
        f"{hidden}t-1,Town,46{hidden},32,2022-03-05T10:00:00Z{hidden},{hidden}2022-03-05,"
        f"Rus{hidden}sia,,"
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("controller", f"control{hidden}ler"), encoding="utf-8")
    importer.imports(path)
    assert importer.says("t-1", day="2022-03-05") == RUSSIA


def test_an_option_names_an_actor_as_the_eye_does(importer: Importer) -> None:
    terms = table_of(CSP="coalition")
    (row,) = table(importer, f"{TOWN},2022-03-05,,c\u200bsp ,,", terms=terms).rows
    assert [(actor.actor, actor.kind) for actor in row.actors] == [("csp", "coalition")]


def test_the_name_of_an_actor_keeps_its_joiners_and_nothing_else_unseen(importer: Importer) -> None:
    (row,) = table(importer, f"{TOWN},2022-03-05,,Fa\u200dMa می\u200cخو\u200b,,").rows
    assert [actor.name for actor in row.actors] == ["FaMa می\u200cخو"]


def test_a_controller_of_which_nothing_shows_is_empty(importer: Importer) -> None:
    (line,) = asked(importer, f"{TOWN},2022-03-05,,\u200b,,")
    assert line == "table.csv:2: controller: it is empty; write Unknown where nobody knows"


# ---- Who, or what, controls ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("controller", "status"),
    [
        ("Gray zone", "CONTESTED"),
        ("grey  ZONE", "CONTESTED"),
        ("Grey-zone", "CONTESTED"),
        ("Grey\u00adzone", "CONTESTED"),
        ("Front\u200bline", "CONTESTED"),
        ("Disputed", "CONTESTED"),
        ("contested area", "CONTESTED"),
        ("Mixed control", "CONTESTED"),
        ("No man’s land", "CONTESTED"),
        ("No-man's-land", "CONTESTED"),
        ("Front line", "CONTESTED"),
        ("frontline", "CONTESTED"),
        ("fighting", "CONTESTED"),
        ("Active fighting", "CONTESTED"),
        ("Ongoing clashes", "CONTESTED"),
        ("Vacant", "VACANT"),
        ("no one", "VACANT"),
        ("Unclear", "UNKNOWN"),
    ],
)
def test_words_that_are_no_names(importer: Importer, controller: str, status: str) -> None:
    importer.imports(importer.write(f"{TOWN},2022-03-05T10:00:00Z,2022-03-05,{controller},,"))
    assert importer.says("t-1", day="2022-03-05") == (status, frozenset())


@pytest.mark.parametrize(
    "name",
    [
        *("Bosnia and Herzegovina", "Trinidad and Tobago", "Guinea-Bissau", "FNL-Nzabampema"),
        *("Wagner (Africa Corps)", "al-Shabaab", "M23", "Sandinistas", "Orlando Group"),
        *("Ansar-Dine", "Withers", "Neutral Guard", "Fighting Vanguard", "Ansar-ou-Din"),
    ],
)
def test_names_are_names(importer: Importer, name: str) -> None:
    (row,) = table(importer, f"{TOWN},2022-03-05,,{name},,").rows
    assert [actor.name for actor in row.actors] == [name]


@pytest.mark.parametrize(
    "controller",
    [
        *("SAF / RSF", "SAF/RSF", "SAF & RSF", "SAF and RSF", "SAF or RSF", "A and/or B", "A; B"),
        *("A + B", "A|B", "A – B", "FAMa et Wagner", "A vs. B", "Russia?", "Russia (claimed)"),
        *(
            "Ukraine (contested)",
            "likely Russia",
            "None",
            "n/a",
            "Vacant?",
            "-",
            "?",
            "NaN",
            "Other",
            "Both",
            "Neutral",
            "SAF with RSF",
            "SAF (partial)",
            '"SAF\nRSF"',
            '"SAF\r\nRSF"',
            "Contested/RSF",
        ),
        "SAF /\u200b RSF",
    ],
)
def test_what_may_be_several_or_none_is_asked_about(importer: Importer, controller: str) -> None:
    first, *options = asked(importer, f"{TOWN},2022-03-05,,{controller},,")
    assert first.startswith("table.csv:2: controller: ")
    assert first.endswith(f"(1 row) {QUESTION}")
    assert len(options) >= 2
    assert options[0].strip().startswith("--controller")


def offers(*told: tuple[str, str]) -> list[str]:
    """How options are offered, beside what they mean."""
    width = max(len(option) for option, _ in told)
    return [f"    {option.ljust(width)}  {why}" for option, why in told]


def who(*names: str) -> str:
    return " ".join(f"--actor {name}=armed-group" for name in names)


def test_who_has_a_row_or_an_option_needs_no_other(importer: Importer) -> None:
    terms = table_of(SAF="state-force")
    rows = (f"{TOWN},2022-03-05,,SAF / RSF,,", "t-2,Other,,,2022-03-05,,rsf,,")
    _, _, together, *_ = asked(importer, *rows, terms=terms)
    assert together.split("  ")[2] == "--controller 'SAF / RSF=saf,rsf'"


@needs_faults
def test_every_question_is_asked_at_once_with_answers_to_paste(importer: Importer) -> None:
    with pytest.raises(BadInput) as refused:
        importer.imports(FAULTS / "words.csv")
    assert str(refused.value).replace(f"{FAULTS}/", "").splitlines() == [
        f"words.csv:3: controller: 'SAF / RSF' (1 row) {QUESTION}",
        *offers(
            ("--controller 'SAF / RSF=contested'", "it is fought over"),
            (f"--controller 'SAF / RSF=saf,rsf' {who('SAF', 'RSF')}", "all of these hold it"),
            ("--controller 'SAF / RSF=unknown'", "the source does not know who holds it"),
            ("--actor 'SAF / RSF=armed-group'", "it is the name of one actor"),
        ),
        f"words.csv:4: controller: 'A and/or B' (1 row) {QUESTION}",
        *offers(
            ("--controller 'A and/or B=contested'", "it is fought over"),
            (f"--controller 'A and/or B=a,b' {who('A', 'B')}", "all of these hold it"),
            ("--controller 'A and/or B=unknown'", "the source does not know who holds it"),
            ("--actor 'A and/or B=armed-group'", "it is the name of one actor"),
        ),
    ]


def test_a_hundred_questions_are_all_asked_before_what_else_is_wrong(importer: Importer) -> None:
    rows = [f"t-{n},T,,,2022-03-05,,A{n} / B{n},," for n in range(100)]
    lines = asked(importer, "t-x,T,95,5,2022-03-05,,Russia,,", *rows, *rows[:1])
    assert sum("may be one actor" in line for line in lines) == 100
    assert "'A0 / B0' (2 rows)" in lines[0]
    assert lines[-1] == "and 1 more"


def test_a_controller_that_means_two_is_held_by_both(importer: Importer) -> None:
    rows = (
        f"{TOWN},2022-03-05,,SAF / RSF,,",
        "t-2,Other,,,2022-03-05,,SAF,,",
        "t-3,Third,,,2022-03-05,,rsf,,",
    )
    importer.imports(importer.write(*rows), told(**{"saf  / RSF\u200b": "saf,rsf"}))
    assert importer.says("t-1", day="2022-03-05") == ("HELD", frozenset({"saf", "rsf"}))
    names = importer.node.answers.actors.many([ActorId("saf"), ActorId("rsf")])
    assert {row.name for row in names.values()} == {"SAF", "rsf"}


def test_a_controller_that_means_two_may_name_them_as_options_do(importer: Importer) -> None:
    terms = replace(
        table_of(SAF="state-force"), controllers={"both": GivenMeaning.parse("SAF, rsf")}
    )
    (line,) = asked(importer, f"{TOWN},2022-03-05,,both,,", terms=terms)
    assert line == (
        "table.csv:2: controller: no actor is registered as 'rsf'; say who that is with "
        "--actor 'NAME=KIND:rsf'"
    )
    terms = replace(terms, actors={**terms.actors, **table_of(RSF="armed-group").actors})
    importer.imports(importer.write(f"{TOWN},2022-03-05,,both,,"), terms)
    assert importer.says("t-1", day="2022-03-05") == ("HELD", frozenset({"saf", "rsf"}))


@pytest.mark.parametrize(
    ("meaning", "answer"),
    [
        ("contested", ("CONTESTED", frozenset())),
        ("Gray zone", ("CONTESTED", frozenset())),
        ("uncontrolled", ("VACANT", frozenset())),
        ("unknown", ("UNKNOWN", frozenset())),
    ],
)
def test_a_controller_may_mean_a_key_word(
    importer: Importer, meaning: str, answer: tuple[str, frozenset[str]]
) -> None:
    importer.imports(
        importer.write(f"{TOWN},2022-03-05,,A and/or B,,"), told(**{"A and/or B": meaning})
    )
    assert importer.says("t-1", day="2022-03-05") == answer


def test_a_group_that_is_called_so_is_one_group(importer: Importer) -> None:
    name = "Front for Change and Concord"
    front = ActorRegistered.model_validate(actor_of(name, ActorKind.ARMED_GROUP))
    terms = replace(table_of(), actors={name: front})
    importer.imports(importer.write(f"{TOWN},2022-03-05,,Front for change and concord,,"), terms)
    assert importer.says("t-1", day="2022-03-05")[1] == {"front-for-change-and-concord"}


@pytest.mark.parametrize(
    ("meaning", "says"),
    [
        ("a|b", "no event says 'one of these, and nobody knows which'"),
        ("a,contested", "'contested' stands alone"),
        ("a,", "'' is neither an id nor the name of an actor"),
        ("", "'' is neither an id nor the name of an actor"),
    ],
)
def test_what_a_controller_cannot_mean(meaning: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("|", "\\|")):
        GivenMeaning.parse(meaning)


# ---- Rows that are doubtful ------------------------------------------------------------------


def test_a_row_that_speaks_of_days_after_its_revision_is_left_out_and_listed(
    importer: Importer,
) -> None:
    read = table(
        importer,
        f"{TOWN},2022-03-05T10:00:00Z,2022-03-05,Russia,,",
        f"{TOWN},2022-03-08T10:00:00Z,2022-03-18,Ukraine,,",
        f"{TOWN},2022-03-09T10:00:00Z,2022-03-10,Russia,,",
    )
    assert [row.line for row in read.rows] == [2, 4]
    assert read.doubtful == [
        DoubtfulRow(
            3,
            "as_of: 2022-03-18 begins more than a day after the revision was published "
            "(2022-03-08T10:00:00Z): nobody can report what has not happened yet",
        )
    ]


def test_a_row_that_speaks_of_tomorrow_waits_until_then(importer: Importer) -> None:
    read = table(importer, f"{TOWN},2026-01-01,2026-01-02,Russia,,")
    assert read.rows == []
    (row,) = read.doubtful
    assert row.why == (
        "as_of: 2026-01-02 lies in the future: it is 2026-01-01T23:59:59.999999Z now"
    )


def test_columns_that_hold_something_and_are_not_read_are_named(importer: Importer) -> None:
    path = importer.write(f"{TOWN},2022-03-05,,Russia,,,50,")
    text = path.read_text(encoding="utf-8").replace(HEADER, f"{HEADER},confidence,empty")
    path.write_text(text, encoding="utf-8")
    assert read_claims(path, table_of(), NOW).unread == ["confidence"]


# ---- Rows whose controller was changed before their date --------------------------------------

FIRST = f"{TOWN},2022-03-03T09:00:00Z,2022-03-03,Russia,,"
SECOND = f"{TOWN},2022-03-26T12:00:00Z,2022-03-25,Russia,,"
STALE = f"{TOWN},2022-11-11T14:40:00Z,2022-03-25,Ukraine,,"
MOVED = f"{TOWN},2022-11-11T16:00:00Z,2022-11-11,Ukraine,,"


@needs_faults
def test_a_town_is_not_held_since_before_it_changed_hands(importer: Importer) -> None:
    done = importer.imports(FAULTS / "stale.csv")
    assert [(row.line, row.taken_back_by) for row in done.stale] == [(4, 5)]
    assert importer.says("t-1", day="2022-03-25") == RUSSIA
    assert importer.says("t-1", day="2022-11-10") == RUSSIA
    assert importer.says("t-1", day="2022-11-11") == UKRAINE_HOLDS
    # As it stood before the editor moved the date.
    for published in ("2022-11-11T15:00:00Z", "2022-11-11T15:59:59Z"):
        assert importer.says("t-1", day="2022-11-10", published_by=published) == UKRAINE_HOLDS
    assert importer.says("t-1", day="2022-11-10", published_by="2022-11-11T16:00:00Z") == RUSSIA


def test_a_stale_row_is_taken_back_by_the_report_that_moved_its_date(importer: Importer) -> None:
    importer.imports(importer.write(FIRST, SECOND, STALE, MOVED))
    (taken_back,) = retractions(importer.node.ledger)
    assert taken_back.report == "table-2022-11-11t16-00-00z"
    assert taken_back.reason == (
        "The revision of 2022-11-11T16:00:00Z moves the date of this state from 2022-03-25 to "
        "2022-11-11: the controller was changed before the date was"
    )
    assert taken_back.replaced_by


@pytest.mark.parametrize("parts", [(3, 1), (2, 2), (1, 3), (1, 1, 2)])
def test_a_table_in_parts_is_read_so_too(importer: Importer, parts: tuple[int, ...]) -> None:
    rows = [FIRST, SECOND, STALE, MOVED]
    for size in parts:
        done = importer.imports(importer.write(*rows[:size]))
        rows = rows[size:]
    assert len(done.stale) == 1
    assert importer.says("t-1", day="2022-11-10") == RUSSIA


@pytest.mark.parametrize(
    "rows",
    [
        (SECOND, STALE),
        (SECOND, STALE.replace("2022-03-25", "2022-03-26"), MOVED),
        (SECOND, STALE, MOVED.replace("Ukraine", "Contested")),
        (SECOND, STALE, MOVED.replace(",2022-11-11,", ",2022-03-25,")),
        (SECOND.replace("Russia", "Ukraine"), STALE, MOVED),
        (STALE, MOVED),
    ],
)
def test_without_one_of_its_signs_a_row_stands(importer: Importer, rows: tuple[str, ...]) -> None:
    assert importer.imports(importer.write(*rows)).stale == ()
    assert retractions(importer.node.ledger) == []


def test_a_stale_row_that_is_repeated_is_taken_back_with_its_repetition(importer: Importer) -> None:
    again = STALE.replace("14:40", "15:20").replace("Ukraine,,", "Ukraine,with a note,")
    done = importer.imports(importer.write(SECOND, STALE, again, MOVED))
    assert [(row.line, row.taken_back_by) for row in done.stale] == [(3, 5), (4, 5)]
    assert importer.says("t-1", day="2022-11-10") == RUSSIA


def test_the_reading_can_be_refused_and_the_row_stands(importer: Importer) -> None:
    kept = replace(table_of(), keep_stale=True)
    assert importer.imports(importer.write(SECOND, STALE, MOVED), kept).stale == ()
    assert importer.says("t-1", day="2022-11-10") == UKRAINE_HOLDS


def test_refusing_the_reading_later_lets_the_row_stand_again_for_good(importer: Importer) -> None:
    path = importer.write(SECOND, STALE, MOVED)
    importer.imports(path)
    assert importer.says("t-1", day="2022-11-10") == RUSSIA
    importer.imports(path, replace(table_of(), keep_stale=True))
    assert importer.says("t-1", day="2022-11-10") == UKRAINE_HOLDS
    head = importer.node.ledger.head
    assert importer.imports(path).stale == ()
    assert importer.node.ledger.head == head


def test_rows_that_are_dated_back_are_listed_by_line_each_time(importer: Importer) -> None:
    corrected = SECOND.replace("2022-03-26T12", "2022-03-27T12").replace("03-25", "03-04")
    rows = [corrected, *(SECOND.replace("t-1", f"t-{n}") for n in range(2, 12))]
    rows += [corrected.replace("t-1", f"t-{n}") for n in range(11, 1, -1)]
    path = importer.write(*rows, SECOND)
    for _ in range(2):
        found = importer.imports(path).dated_back
        assert [row.line for row in found] == [*range(3, 13), 23]
        assert [row.taken_back_by for row in found] == [*range(22, 12, -1), 2]
    assert found[0].said == "t-2, revision of 2022-03-26T12:00:00Z, dated 2022-03-25"
    assert found[0].now_dated == "2022-03-04"
    again = corrected.replace("03-27", "03-28").replace("03-04", "03-03")
    (earlier,) = importer.imports(importer.write(again)).dated_back
    assert (earlier.line, earlier.taken_back_by, earlier.now_dated) == (None, 2, "2022-03-03")


def test_importing_again_repeats_the_reading_and_adds_nothing(importer: Importer) -> None:
    path = importer.write(SECOND, STALE, MOVED)
    first = importer.imports(path)
    assert importer.imports(path) == ImportOutcome(
        0, first.recorded, first.position, first.stale, ()
    )


def test_a_row_between_that_comes_later_undoes_the_reading(importer: Importer) -> None:
    between = f"{TOWN},2022-11-11T15:00:00Z,2022-03-25,Russia,,"
    importer.imports(importer.write(SECOND, STALE, MOVED))
    assert importer.imports(importer.write(between)).stale == ()
    (again,) = (
        each.event
        for each in importer.node.ledger.read()
        if isinstance(each.event, EventReinstated)
    )
    assert again.reason == "The table is read with the rows around it, and this row stands."


# ---- Sources that end ------------------------------------------------------------------------


def ending(on: str) -> Terms:
    ended = SourceEnded(source=SourceId("table"), ended=Occurred.parse(on))
    return replace(table_of(), ended=ended)


def test_a_table_that_stopped_says_when_its_source_ended(importer: Importer) -> None:
    path = importer.write(SECOND)
    importer.imports(path, ending("2022-12-31"))
    importer.imports(path, ending("2022-12-31"))
    (ended,) = (
        each.event for each in importer.node.ledger.read() if isinstance(each.event, SourceEnded)
    )
    assert ended == ending("2022-12-31").ended
    source = importer.node.answers.sources.source(
        SourceId("table"), known=importer.node.answers.head
    )
    assert source
    assert (source.continuous, source.ended) == (True, "2022-12-31")


def test_a_source_does_not_end_before_its_table_does(importer: Importer) -> None:
    (line,) = asked(importer, FIRST, MOVED, terms=ending("2022-03"))
    assert line == (
        "table.csv:3: known_at: this revision was published after 2022-03, when the source is said "
        "to have ended; give a later --until"
    )


def test_a_source_that_is_registered_as_not_continuous_has_no_end(importer: Importer) -> None:
    once = table_of()
    importer.imports(
        importer.write(SECOND),
        replace(once, source=once.source.model_copy(update={"continuous": False})),
    )
    with pytest.raises(BadInput, match="'table' is not registered as continuous"):
        importer.imports(importer.write(SECOND), ending("2022-12-31"))


# ---- In whichever parts ----------------------------------------------------------------------

Rows = list[tuple[int, str, int]]
"""For one place: the hour of the revision, the controller, and the day that it speaks of."""


@st.composite
def histories(draw: st.DrawFn) -> Rows:
    controllers = st.sampled_from(["Russia", "Russia", "Ukraine", "Ukraine", "Contested"])
    days = st.sampled_from([1, 1, 1, 2, 2, 3])
    return [(hour, draw(controllers), draw(days)) for hour in range(draw(st.integers(3, 6)))]


def stands(ledger: Ledger) -> set[tuple[str, str]]:
    """Revision and day of each row that stands."""
    rows: dict[EventId, tuple[str, str]] = {}
    gone: set[EventId] = set()
    for each in ledger.read():
        match each.event:
            case EventRetracted() as taken_back:
                gone.add(taken_back.event)
            case EventReinstated() as again:
                gone.discard(again.event)
        if isinstance(each.event, SituationEvent):
            rows[each.statement.id] = (each.event.report, each.event.occurred.text)
    return {row for event, row in rows.items() if event not in gone}


def by_hand(rows: Rows) -> set[tuple[str, str]]:
    """The same by the words of the readings, row against row."""
    left = []
    for at, (hour, who, day) in enumerate(rows):
        later = rows[at + 1 :]
        is_overtaken = any(day > each[2] for each in later)
        run = at
        while run > 0 and rows[run - 1][1:] == (who, day):
            run -= 1
        is_stale_date = run > 0 and rows[run - 1][2] == day and rows[run - 1][1] != who
        after = next((each for each in later if each[1:] != (who, day)), None)
        is_moved = after is not None and after[1] == who and after[2] > day
        if not is_overtaken and not (is_stale_date and is_moved):
            left.append(
                (f"table-2022-04-{1 + hour // 24:02}t{hour % 24:02}-00-00z", f"2022-03-0{day}")
            )
    return set(left)


@given(histories(), st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_the_order_of_its_parts_the_same_rows_stand(
    rows: Rows, data: st.DataObject
) -> None:
    lines = [
        f"{TOWN},2022-04-{1 + hour // 24:02}T{hour % 24:02}:00:00Z,2022-03-0{day},{who},,"
        for hour, who, day in rows
    ]
    order = data.draw(st.permutations(lines))
    cut = data.draw(st.integers(0, len(lines)))
    with open_ledger("memory:") as whole, open_ledger("memory:") as parts:
        take_in(whole, lines)
        for part in (order[:cut], order[cut:]):
            if part:
                take_in(parts, part)
        assert stands(whole) == by_hand(rows)
        assert stands(parts) == by_hand(rows)


def take_in(ledger: Ledger, lines: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
        rows = read_claims(path, table_of(), NOW).rows
        import_claims(ledger, "table.csv", rows, table_of(), by="tester")


def retractions(ledger: Ledger) -> list[EventRetracted]:
    return [each.event for each in ledger.read() if isinstance(each.event, EventRetracted)]
