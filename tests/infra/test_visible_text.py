"""What does not show makes no difference where texts are compared, and spelling is kept."""

from sys import maxunicode
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts import without_hidden
from infra.spelling import nearest, plain
from infra.visible_text import matching_form, visible

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041"
"""Soft hyphen, zero-width characters, bidirectional controls, a tag character."""
SHOWS = {"\u0600", "\u06dd", "\u070f", "\u08e2", "\U000110bd", "\U000110cd", "\U00013430"}
"""Format characters that are drawn: signs around Arabic, Syriac, Kaithi and Egyptian numbers."""


@pytest.mark.parametrize("hidden", INVISIBLE)
def test_a_text_with_an_invisible_character_compares_as_without_it(hidden: str) -> None:
    for text in (f"Contested{hidden}", f"{hidden}Contested", f"Con{hidden}tested"):
        assert visible(text) == "Contested"
        assert matching_form(text) == "contested"
        assert plain(text) == "contested"


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d", "\ufe0f"])
def test_joiners_stay_in_a_name_and_others_do_not(joiner: str) -> None:
    assert without_hidden(f"می{joiner}خواهم\u200b\u202e\u00ad") == f"می{joiner}خواهم"


def test_format_characters_that_are_drawn_stay() -> None:
    assert all(visible(shown) == without_hidden(shown) == shown for shown in SHOWS)


def test_controls_of_direction_and_zero_width_characters_are_all_known() -> None:
    """Of the format characters that Python knows, only some are drawn."""
    formats = {chr(code) for code in range(maxunicode + 1) if category(chr(code)) == "Cf"}
    kept = {each for each in formats if visible(each)}
    drawn = ("\u0600", "\u0890", "\U000110bd", "\U00013430")
    blocks = ((0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891))
    more = ((0x08E2, 0x08E2), (0xFFF9, 0xFFFB), (0x110BD, 0x110CD), (0x13430, 0x1345F))
    assert set(drawn) <= kept
    assert [each for each in kept if not any(a <= ord(each) <= b for a, b in blocks + more)] == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_making_visible_twice_changes_nothing_more(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert without_hidden(without_hidden(text)) == without_hidden(text)
    assert matching_form(matching_form(text)) == matching_form(text)
    assert visible(without_hidden(text)) == visible(text)


def test_did_you_mean_looks_at_what_can_be_seen() -> None:
    names = {"kidal": ["kidal", "Ki\u00addal\u200b"], "gao": ["gao", "Gao"]}
    assert nearest("kid\u200bal", names) == ["kidal"]
