"""Which texts show what they say, and how is any other text shown?"""

import json
from sys import maxunicode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.texts import (
    _SUSPECT,
    _SUSPECT_IF_PRINTABLE,
    escaped,
    escaped_json,
    fault_of,
    without_hidden,
)
from domain.values import AS_RECORDED, LongText, Passage, ShortText, Slug, Url

any_text = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CSP\n\nSays so:\n  A1  CSP held Kidal", "a line break (U+000A) stands behind 'CSP'"),
        *((f"CSP{line}held", "a line break") for line in "\r\x0b\x0c\x85\u2028\u2029"),
        ("\x1b[2J\x1b[H all is well", "a control character (U+001B) stands at its beginning"),
        *((f"Army{control}", "a control character") for control in "\0\t\x07\x7f\x90\x9b"),
        ("Army \u202e321", "a control of the direction of writing (U+202E) stands behind 'Army '"),
        *((f"A{turn}B", "a control of the direction") for turn in "\u202a\u2066\u2069\u200e\u061c"),
        ("حلب \u202e321", "a control of the direction of writing"),
        ("Contested\u200b", "an invisible character (U+200B)"),
        ("Contested\u200d", "an invisible joiner (U+200D)"),
        ("\u200cمی", "an invisible joiner (U+200C) stands at its beginning"),
        ("می\u200c\u200cخ", "an invisible joiner"),
        ("Ki\u00addal", "an invisible character (U+00AD) stands behind 'Ki'"),
        ("Kidal\ufe0f\ufe0e", "an invisible character (U+FE0E)"),
        ("Kidal\U000e0041", "an invisible character (U+E0041)"),
        ("Kidal\ufeff", "an invisible character"),
        ("\u200b\u3164", "an invisible character"),
        ("Kidal\ufdd0", "a code that is no character (U+FDD0)"),
        ("Kidal\U0010ffff", "a code that is no character (U+10FFFF)"),
        ("Kidal\ud800", "half a character (U+D800)"),
        *((nothing, "nothing in it can be seen") for nothing in ("", " ", "\u00a0", "\u2800")),
        *((f"CSP{gap * 80}A1", "a wide gap") for gap in " \u00a0\u2003\u3000\u2800"),
        ("K" + "\u0301" * 480, "a pile of marks (U+0301) stands behind 'K'"),
        ("\u0301\u0308", "nothing in it can be seen"),
        ("\ue000", "nothing in it can be seen"),
        *((filler, "an invisible character") for filler in "\u3164\u115f\u1160\uffa0"),
    ],
)
def test_a_text_that_deceives_the_eye_is_found_with_its_place(text: str, kind: str) -> None:
    found = fault_of(text)
    assert found is not None
    assert found.startswith(kind)


@pytest.mark.parametrize(
    "text",
    [
        "Ménaka",
        "می\u200cخواهم",
        "LPG\u200cها",
        "۲۰\u200cساله",
        "അവന്\u200d",
        "क्\u200dष",
        'חז"ל\u200f',
        "ما\u200f (1)\u200e",
        "👩\u200d👩\u200d👧",
        "❤\ufe0f\u200d🔥",
        "葛\U000e0100城",
        "ᠮᠣᠩ\u180bᠭᠣᠯ",
        "ខ្មែរ\u200bខ្មែរ",
        "a\u00a0b",
        "Kidal   (two columns of a table, joined)",
        "?",
        "\u0600\u0661",
    ],
)
def test_the_spelling_of_every_script_is_fit(text: str) -> None:
    assert fault_of(text) is None
    assert without_hidden(text) == escaped(text) == text
    assert TypeAdapter(ShortText).validate_python(text) == text


def test_long_texts_alone_have_lines() -> None:
    said = "They entered.\n\tNo fighting.\r\nThat is all."
    for kind in (LongText, Passage):
        assert TypeAdapter(kind).validate_python(said) == said
    for other in ("a\rb", "a\u2028b", "a\x0bb", "a\x85b", "a\x1bb", "a\u202eb"):
        with pytest.raises(ValidationError):
            TypeAdapter(LongText).validate_python(other)
    with pytest.raises(ValidationError, match="a line break"):
        TypeAdapter(ShortText).validate_python(said)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x1b", "\0", "\u200d"])
def test_addresses_are_texts_too(hidden: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Url).validate_python(f"https://example.org/{hidden}a")
    assert TypeAdapter(Url).validate_python("https://fa.wikipedia.org/wiki/می\u200cخواهم")


@pytest.mark.parametrize("added", ["\n", "\u200b", "\u202e", "\0", "\u0301", "а"])
def test_an_id_has_its_letters_and_nothing_else(added: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Slug).validate_python(f"kidal{added}")


def test_what_is_read_from_a_ledger_was_judged_when_it_was_recorded() -> None:
    assert TypeAdapter(ShortText).validate_python("a\x1bb\nc", context=AS_RECORDED) == "a\x1bb\nc"


@given(any_text)
def test_a_text_without_what_is_hidden_hides_nothing(text: str) -> None:
    left = without_hidden(text)
    assert without_hidden(left) == left
    assert "invisible" not in (fault_of(left, has_lines=True) or "")


@given(st.text(st.characters()))
def test_an_escaped_text_is_one_line_without_controls(text: str) -> None:
    shown = escaped(text)
    assert len(shown.splitlines()) <= 1
    assert not set(shown) & set("\x00\x07\x1b\x7f\x9b\u202a\u202e\u2066\u2069\u200b\u2028\ud800")
    assert escaped(shown) == shown
    if fault_of(text) is None:
        assert shown == text


@given(any_text)
def test_escaped_json_says_the_same(text: str) -> None:
    document = escaped_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(document) == {text: [text]}
    assert escaped_json(document) == document
    assert not set(document) & set("\x7f\x9b\u202e\u200b\u2028\U000e0041")


def test_the_quick_look_at_printable_texts_misses_nothing() -> None:
    characters = map(chr, range(maxunicode + 1))
    missed = [
        f"U+{ord(char):04X}"
        for char in characters
        if char.isprintable() and _SUSPECT.match(char) and not _SUSPECT_IF_PRINTABLE.match(char)
    ]
    assert missed == []


@pytest.mark.parametrize("gap", [" ", "\u00a0", "\u3000", "\u2800", " \u2800"])
def test_no_name_fills_the_line_to_begin_another(gap: str) -> None:
    padded = "Press" + gap * 500 + "A1  CSP"
    assert "a wide gap" in str(fault_of(padded))
    assert escaped(f"    {padded}, published") == (
        f"    Press [{500 * len(gap)} blanks] A1  CSP, published"
    )


def test_marks_piled_on_a_letter_are_told_by_their_number() -> None:
    assert escaped("K" + "\u0301" * 480 + "idal") == "K\u0301[480 marks]idal"
