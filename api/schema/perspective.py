"""Perspectives in GraphQL, as an argument and as a part of an answer."""

from collections.abc import Iterable
from typing import Annotated

import strawberry

from api.answers.basis import Basis
from api.answers.perspective import perspective_words
from api.ids import slug_of
from api.schema.context import Context
from api.schema.node import Info
from api.schema.scalars import Moment
from domain.control.perspective import Perspective
from domain.occurred import Instant
from domain.refusals import NotUnderstood
from domain.values import Reliability, SourceId

_SOURCES = "Only what these said, as origin or as publisher of a copy."
_WITHOUT = "Nothing of what these said."
_RELIABILITY = (
    "The least reliability, A the most. F asks for nothing; any other letter leaves out sources "
    "that are not judged."
)
_CREDIBILITY = (
    "The least credibility, 1 the most. 6 asks for nothing; any other leaves out information that "
    "is not judged."
)
_PUBLISHED = "Only what had been published by then."


@strawberry.input(description="Whose word counts. What is left out admits everything.")
class PerspectiveInput:
    sources: list[strawberry.ID] | None = strawberry.field(default=None, description=_SOURCES)
    exclude_sources: list[strawberry.ID] | None = strawberry.field(
        default=None, description=_WITHOUT
    )
    min_reliability: Reliability | None = strawberry.field(default=None, description=_RELIABILITY)
    min_credibility: int | None = strawberry.field(default=None, description=_CREDIBILITY)
    published_by: Moment | None = strawberry.field(default=None, description=_PUBLISHED)

    def perspective(self, context: Context) -> Perspective:
        """Raises BadPerspective, NotAnId and UnknownReference."""
        least = self.min_credibility
        if least is not None and not 1 <= least <= 6:
            raise BadPerspective(f"minCredibility is 1 to 6, not {least}")
        only, without = self.sources, self.exclude_sources or ()
        by = self.published_by
        return Perspective(
            sources=None if only is None else _sources(context, "sources", only),
            exclude_sources=_sources(context, "excludeSources", without),
            min_reliability=self.min_reliability or Reliability.F,
            min_credibility=6 if least is None else least,
            published_by=None if by is None else Instant(by),
        )


Whose = Annotated[
    PerspectiveInput | None,
    strawberry.argument(description="Whose word counts; everybody's where nothing is said."),
]


class BadPerspective(NotUnderstood):
    """The perspective can't be taken; the message says why."""


def _sources(context: Context, field: str, given: Iterable[str]) -> frozenset[SourceId]:
    slugs = (slug_of(each, "Source") for each in given)
    return frozenset(SourceId(context.registered("source", slug, field)) for slug in slugs)


@strawberry.type(
    name="Perspective",
    description="Whose word counts, with the fields of PerspectiveInput: it can be asked for "
    "again.",
)
class PerspectiveObject:
    basis: strawberry.Private[Basis]
    sources: list[strawberry.ID] | None = strawberry.field(
        description=f"{_SOURCES} Their slugs; null for everybody."
    )
    exclude_sources: list[strawberry.ID] = strawberry.field(description=_WITHOUT)
    min_reliability: Reliability = strawberry.field(description=_RELIABILITY)
    min_credibility: int = strawberry.field(description=_CREDIBILITY)
    published_by: Moment | None = strawberry.field(description=_PUBLISHED)

    @strawberry.field(
        description="All of it in plain English, as in “according to Radio France only”."
    )
    def words(self, info: Info) -> str:
        return perspective_words(info.context.answers.sources, self.basis)

    @staticmethod
    def of(basis: Basis) -> "PerspectiveObject | None":
        """None for everybody's word."""
        asked = basis.perspective
        if asked.is_default:
            return None
        only, by = asked.sources, asked.published_by
        return PerspectiveObject(
            basis=basis,
            sources=None if only is None else _ids(only),
            exclude_sources=_ids(asked.exclude_sources),
            min_reliability=asked.min_reliability,
            min_credibility=asked.min_credibility,
            published_by=None if by is None else Moment(by),
        )


def _ids(sources: Iterable[SourceId]) -> list[strawberry.ID]:
    return [strawberry.ID(source) for source in sorted(sources)]
