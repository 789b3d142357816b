"""The GraphQL documents behind `--json` of the commands with lists, also served by their ids."""

from collections.abc import Mapping
from typing import Any

from api.node import Node
from api.pretty_json import pretty
from api.schema.local_execution import executed

_PAGE = """
fragment Where on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }
"""
_PLACE = """
fragment Place on Location {
  id slug name kind latitude longitude aliases within { slug name kind }
}
"""
_ACTOR = """
fragment Who on Actor { id slug name kind aliases }
"""
_TIME = "earliest latest precision day written zone"
_SOURCE = f"""
fragment Voice on Source {{
  id slug name reliability continuous ended {{ {_TIME} }} url
}}
"""
_REPORT = f"""
fragment Item on Report {{
  id slug title url contentHash published {{ {_TIME} }}
  source {{ id slug name reliability }} origin {{ id slug name reliability }}
  syndicatedFrom {{ slug }}
}}
"""
_EVENT = f"""
fragment Said on Event {{
  __typename id eventId position recordedAt recordedBy retracted occurred {{ {_TIME} }}
  location {{ id slug name kind latitude longitude }} actors {{ id slug name kind }}
  report {{ id slug title url published {{ {_TIME} }}
           source {{ id slug name reliability }} origin {{ id slug name reliability }} }}
  source {{ id slug name reliability }}
  credibility summary passage statement
}}
"""


def _list_of(field: str, declared: str, given: str, item: str) -> str:
    return (
        f"query ($first: Int, $after: String{declared}) {{\n"
        f"  {field}(first: $first, after: $after{given}) {{\n"
        f"    nodes {{ ...{item} }} pageInfo {{ ...Where }} position\n  }}\n}}\n{_PAGE}"
    )


DOCUMENTS: Mapping[str, str] = {
    "places": _list_of(
        "locations",
        ", $search: String, $within: ID, $kind: LocationKind, $bbox: [Float!]",
        ", search: $search, within: $within, kind: $kind, bbox: $bbox",
        "Place",
    )
    + _PLACE,
    "actors": _list_of(
        "actors",
        ", $search: String, $kind: ActorKind",
        ", search: $search, kind: $kind",
        "Who",
    )
    + _ACTOR,
    "sources": _list_of("sources", ", $filter: SourceFilter", ", filter: $filter", "Voice")
    + _SOURCE,
    "reports": _list_of("reports", ", $filter: ReportFilter", ", filter: $filter", "Item")
    + _REPORT,
    "events": _list_of(
        "events",
        ", $last: Int, $before: String, $filter: EventFilter",
        ", last: $last, before: $before, filter: $filter",
        "Said",
    )
    + _EVENT,
    "search": f"""query ($text: String!, $first: Int) {{
  locations(search: $text, first: $first) {{ nodes {{ ...Place }} pageInfo {{ ...Where }} }}
  actors(search: $text, first: $first) {{ nodes {{ ...Who }} pageInfo {{ ...Where }} }}
  sources(filter: {{text: $text}}, first: $first) {{ nodes {{ ...Voice }} pageInfo {{ ...Where }} }}
  reports(filter: {{text: $text}}, first: $first) {{ nodes {{ ...Item }} pageInfo {{ ...Where }} }}
  events(filter: {{text: $text}}, first: $first) {{ nodes {{ ...Said }} pageInfo {{ ...Where }} }}
}}
{_PAGE}{_PLACE}{_ACTOR}{_SOURCE}{_REPORT}{_EVENT}""",
}
"""By the names of their commands."""


def document(node: Node, name: str, variables: Mapping[str, Any]) -> str:
    """The answer to a document as JSON: of a list the list itself, with the author of each event.
    Raises the refusals of the fields."""
    data = executed(node, DOCUMENTS[name], variables, scopes=frozenset({"audit"}))
    return pretty(data if name == "search" else next(iter(data.values())))
