"""The meaning of the column `controller` of a claims table.

A controller is the name of an actor, a key word for a place without a controller, or a doubtful
text that may mean several actors or none. A doubtful text becomes a question to the user: nothing
is made a group because nobody said otherwise.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any, NamedTuple

from domain.events import (
    ActorRegistered,
    ControlReported,
    ControlReportedUnknown,
    LocationContested,
    SituationEvent,
)
from domain.texts import without_hidden
from domain.values import ActorId, ActorKind
from infra.intake.member_states import STATES
from infra.spelling import plain
from infra.visible_text import matching_form, quoted


class Meaning(NamedTuple):
    """The meaning of a controller for its place: a type of event, with actors."""

    event: type[SituationEvent]
    fields: Mapping[str, Any]
    """The fields of the event filled by the controller."""
    registers: tuple[ActorRegistered, ...] = ()
    """The registrations of the named actors, so far as the table or an option has them."""
    note: str = ""
    """The first words of the summary."""


def _as_key_word(text: str) -> str:
    """The letters of a text, for finding key words: "Grey-zone" is "Greyzone". None of "Vacant?",
    which says less than the key word."""
    return "" if "?" in text else plain(text).replace(" ", "")


_CONTESTED = Meaning(LocationContested, {"between": ()})
_NOBODY = Meaning(ControlReported, {"holders": ()})
_NOT_KNOWN = Meaning(ControlReportedUnknown, {})
_CONTESTED_IN_WORDS = (
    *("contested", "disputed", "in dispute", "under dispute", "mixed", "mixed control"),
    *(
        f"{what} {where}"
        for what in ("contested", "disputed", "gray", "grey", "mixed control")
        for where in ("area", "areas", "zone", "zones", "territory")
    ),
    *("no man's land", "no mans land", "front line", "front lines", "contact line"),
    *("line of contact", "active front", "active front line", "active front lines"),
    *(
        f"{how}{what}"
        for how in ("", "active ", "heavy ", "ongoing ")
        for what in ("fighting", "clashes", "combat")
    ),
)
_KEY_WORDS: dict[str, Meaning] = {
    **dict.fromkeys(map(_as_key_word, _CONTESTED_IN_WORDS), _CONTESTED),
    "truce": _CONTESTED._replace(note="A truce."),
    "ceasefire": _CONTESTED._replace(note="A ceasefire."),
    **dict.fromkeys(("uncontrolled", "unoccupied", "vacant", "abandoned"), _NOBODY),
    **dict.fromkeys(("nobody", "noone"), _NOBODY),
    **dict.fromkeys(("unknown", "notknown", "unclear", "undetermined"), _NOT_KNOWN),
}
"""The key words for places without a controller, by their letters."""
_ASKED_ABOUT = {
    *("none", "na", "nan", "null", "nil", "nodata", "tbd", "other", "others"),
    *("neutral", "neutralzone", "bufferzone", "dmz", "demilitarizedzone", "demilitarisedzone"),
    *("various", "multiple", "several", "both", "neither", "all", "any", "shared", "joint"),
}
"""Words without a meaning of their own, neither names nor key words, by their letters."""
_BETWEEN_NAMES = re.compile(
    r"\s*(?:[/|;,&+\n\r\x85\u2028\u2029]|\s[-–—]\s|\band\s*/\s*or\b|"
    r"(?<![\w-])(?:and|or|vs|versus|with|alongside|et|ou|avec|und|oder|y)(?![\w-]))+\s*",
    re.IGNORECASE,
)
"""The separators between the names of several actors."""
_OPEN = re.compile(
    r"\?|\b(?:either|likely|possibly|probably|presumably|claimed|alleged|"
    r"allegedly|unconfirmed|unclear|unknown|disputed|contested|partly|partial|partially|"
    r"mostly|mainly|largely|suspected)\b",
    re.IGNORECASE,
)
"""Words that leave the controller open."""


_LONGEST_ID = 100


class NoId(Exception):
    """A name without letters for an id, for example in another script."""


class DoubtfulController(Exception):
    """A controller that may be one actor, several or none; the message lists options to choose
    from."""


@dataclass(frozen=True, slots=True)
class GivenMeaning:
    """The meaning of a controller as given by an option: a key word, or the holding actors."""

    actors: tuple[str, ...] = ()
    """Ids or names; none beside a key word."""
    key_word: Meaning | None = None

    @staticmethod
    def parse(text: str) -> "GivenMeaning":
        """Reads `contested`, `saf` or `saf,rsf`. Raises ValueError naming the right form."""
        if word := _KEY_WORDS.get(_as_key_word(text)):
            return GivenMeaning(key_word=word)
        if "|" in text:
            raise ValueError(
                "no event says 'one of these, and nobody knows which'; write contested, unknown, "
                "or a comma between them where both hold it"
            )
        actors = tuple(each.strip() for each in text.split(","))
        for each in actors:
            if not _makes_an_id(each):
                raise ValueError(f"{quoted(each)} is neither an id nor the name of an actor")
            if _as_key_word(each) in _KEY_WORDS:
                raise ValueError(f"{quoted(each)} stands alone, without other names")
        return GivenMeaning(actors)


class Controllers:
    """Reads the controllers of a table, by the given options and by all names in the table: the
    parts of "SAF / RSF" may have rows of their own."""

    def __init__(
        self,
        actors: Iterable[tuple[str, ActorRegistered]],
        told: Mapping[str, GivenMeaning],
        in_the_table: Iterable[str],
    ) -> None:
        self._told = {matching_form(text): meaning for text, meaning in told.items()}
        self._by_name = {matching_form(name): actor for name, actor in actors}
        self._by_id = {actor.actor: actor for actor in self._by_name.values()}
        self._in_the_table: dict[str, str] = {}
        for text in dict.fromkeys(in_the_table):
            if self._is_a_name(text):
                self._in_the_table.setdefault(slug_of(text), text)
        self._meanings: dict[str, Meaning] = {}

    def meaning(self, controller: str) -> Meaning:
        """The meaning of the text. Raises DoubtfulController, NoId and ValidationError."""
        if controller not in self._meanings:
            self._meanings[controller] = self._read(controller)
        return self._meanings[controller]

    def _read(self, controller: str) -> Meaning:
        form = matching_form(controller)
        if told := self._told.get(form):
            return told.key_word or self._held_by(told.actors)
        if actor := self._by_name.get(form):
            return _held_by([actor.actor], [actor])
        if word := _KEY_WORDS.get(_as_key_word(controller)):
            return word
        if not self._is_a_name(controller):
            raise DoubtfulController(self._how_to_say(controller))
        if not slug_of(controller):
            raise NoId
        actor = _actor(controller)
        return _held_by([actor.actor], [actor])

    def _is_a_name(self, text: str) -> bool:
        form = matching_form(text)
        if form in self._told or form in self._by_name or _as_key_word(text) in _KEY_WORDS:
            return False
        return form in STATES or not is_doubtful(text)

    def _held_by(self, told: Sequence[str]) -> Meaning:
        known = [self._known(each) for each in told]
        ids = [
            actor.actor if actor else ActorId(slug_of(each))
            for each, actor in zip(told, known, strict=True)
        ]
        return _held_by(ids, filter(None, known))

    def _known(self, told: str) -> ActorRegistered | None:
        """The actor of a name or id, if an option or another row of the table has the actor."""
        slug = slug_of(told)
        if actor := self._by_name.get(matching_form(told)) or self._by_id.get(ActorId(slug)):
            return actor
        return _actor(self._in_the_table[slug]) if slug in self._in_the_table else None

    def _how_to_say(self, controller: str) -> str:
        """The options for a doubtful controller, ready to paste."""
        offers = list(self._offers(controller))
        width = max(len(option) for option, _ in offers)
        lines = [f"    {option.ljust(width)}  {why}" for option, why in offers]
        return "say what it means, by one of\n" + "\n".join(lines)

    def _offers(self, controller: str) -> Iterator[tuple[str, str]]:
        text = " ".join(without_hidden(controller).split())
        is_asked_about = _as_key_word(text) in _ASKED_ABOUT
        yield _option("controller", text, "contested"), "it is fought over"
        names = list(filter(None, _BETWEEN_NAMES.split(without_hidden(controller).strip())))
        if not is_asked_about and len(names) > 1 and all(map(_is_a_holder, names)):
            yield self._together(text, names), "all of these hold it"
        if is_asked_about:
            yield _option("controller", text, "uncontrolled"), "nobody holds it"
        yield _option("controller", text, "unknown"), "the source does not know who holds it"
        if _makes_an_id(text):
            yield _option("actor", text, "armed-group"), "it is the name of one actor"

    def _together(self, text: str, names: Sequence[str]) -> str:
        """The option for all names as joint holders, with options for the unknown actors."""
        known = {name: self._known(name) for name in names}
        ids = dict.fromkeys(
            actor.actor if actor else slug_of(name) for name, actor in known.items()
        )
        strangers = {slug_of(name): name for name, who in known.items() if who is None}
        options = [_option("controller", text, ",".join(ids))]
        options += [_option("actor", each, actor_of(each)["kind"]) for each in strangers.values()]
        return " ".join(options)


def is_doubtful(controller: str) -> bool:
    """Whether a controller may mean several actors or none, or is left open."""
    seen = matching_form(controller)
    return (
        not any(each.isalnum() for each in seen)
        or _as_key_word(seen) in _ASKED_ABOUT
        or _BETWEEN_NAMES.search(controller.strip()) is not None
        or _BETWEEN_NAMES.search(seen) is not None
        or _OPEN.search(seen) is not None
    )


def actor_of(name: str, kind: ActorKind | None = None, slug: str | None = None) -> dict[str, str]:
    """The fields of an actor named by a table. A table gives a name, and no kind."""
    is_state = matching_form(name) in STATES
    kind = kind or (ActorKind.STATE if is_state else ActorKind.ARMED_GROUP)
    return {"actor": slug or slug_of(name), "name": without_hidden(name), "kind": kind}


def slug_of(text: str) -> str:
    """An id made of a text; empty where the text has no letters for an id."""
    return re.sub("[^a-z0-9]+", "-", plain(text)).strip("-")


def _actor(name: str) -> ActorRegistered:
    return ActorRegistered.model_validate(actor_of(name))


def _held_by(ids: Sequence[ActorId], registers: Iterable[ActorRegistered]) -> Meaning:
    holders = tuple(dict.fromkeys(ids))
    return Meaning(ControlReported, {"holders": holders}, tuple(registers))


def _is_a_holder(name: str) -> bool:
    """Whether a part of a controller may be the name of a holder."""
    return _makes_an_id(name) and _as_key_word(name) not in _KEY_WORDS and not is_doubtful(name)


def _makes_an_id(name: str) -> bool:
    return 0 < len(slug_of(name)) <= _LONGEST_ID


def _option(name: str, text: str, meaning: str) -> str:
    return f"--{name} {quote(f'{text}={meaning}')}"
