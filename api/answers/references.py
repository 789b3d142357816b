"""The ids in a filter: registered, or refused with the nearest ids."""

from api.answers.answers import Answers
from domain.refusals import UnknownReference
from domain.values import ActorId, LocationId, ReportId, SourceId
from infra.spelling import nearest


def registered(answers: Answers, kind: str, slug: str, field: str) -> str:
    """The slug, if registered: a misspelt name in a filter would go unnoticed.

    Raises UnknownReference with the nearest names.
    """
    head = answers.head
    found: object
    match kind:
        case "location":
            found, names = answers.places.get(LocationId(slug)), answers.places.names
        case "actor":
            found, names = answers.actors.get(ActorId(slug)), answers.actors.names
        case "source":
            found = answers.sources.source(SourceId(slug), known=head)
            names = answers.sources.names
        case _:
            found = answers.sources.report(ReportId(slug), known=head)
            names = answers.sources.titles
    if found is None:
        raise UnknownReference(kind, slug, field, nearest(slug, names()))
    return slug
