"""The GraphQL document behind `tenure situation --json`, also served as `documentId=situation`."""

from api.answers.perspective import perspective_fields
from api.answers.situation import Situation
from api.node import Node
from api.pretty_json import pretty
from api.schema.local_execution import executed
from domain.occurred import rfc3339

_EVENT = """
fragment Told on Event {
  __typename id eventId position retracted occurred { earliest latest precision day }
  statement summary passage credibility
  report { slug title published { earliest latest precision day } source { slug name reliability }
           origin { slug name reliability } }
}
fragment Who on Actor { slug name kind }
fragment Where on Location { slug name kind latitude longitude }
fragment Held on Control {
  location { ...Where } status holders { ...Who } contenders { ...Who } certain disputed
  corroboration since { earliest latest precision day } sinceIs
  lastHeard { earliest latest precision day }
  holding { actor { ...Who } since { earliest latest precision day } }
  evidence { ...Told } lineage { ...Told }
  rivals { status holders { ...Who } contenders { ...Who } evidence { ...Told } }
  possible { status holders { ...Who } contenders { ...Who } evidence { ...Told }
             lineage { ...Told } }
}
fragment Lasts on Lasting {
  since { earliest latest precision day } certain events { ...Told }
}
"""
DOCUMENT = f"""
query ($at: Moment!, $knownAt: Moment, $position: Int, $within: ID, $days: Int! = 30,
       $perspective: PerspectiveInput) {{
  situation(at: $at, knownAt: $knownAt, position: $position, within: $within,
            perspective: $perspective) {{
    at within {{ ...Where }}
    places {{ status holders {{ ...Who }} contenders {{ ...Who }} count places {{ ...Held }} }}
    changes(days: $days) {{ location {{ ...Where }} from {{ ...Held }} to {{ ...Held }}
                            events {{ ...Told }} }}
    convoys {{ slug phase owners {{ ...Who }} location {{ ...Where }} boundFor {{ ...Where }}
               haltedBy {{ ...Who }} ...Lasts }}
    missions {{ mission {{ ...Who }} location {{ ...Where }} mandateEnded {{ ...Told }} ...Lasts }}
    sieges {{ location {{ ...Where }} besieger {{ ...Who }} ...Lasts }}
    alliances {{ parties {{ ...Who }} ...Lasts }}
    alignments {{ actor {{ ...Who }} patron {{ ...Who }} ...Lasts }}
    displacement {{ people {{ low best high }} events {{ ...Told }} treatment
                    overlapping {{ event {{ ...Told }} counted {{ ...Told }} }}
                    stillOpen {{ ...Told }} }}
    needs {{ location {{ ...Where }} sector people {{ low best high }} ...Lasts }}
    reported(days: $days) {{ ...Told }}
    explanation(days: $days)
    basis {{ position recordedAt at rule token
             perspective {{ sources excludeSources minReliability minCredibility publishedBy
                           words }} }}
  }}
}}
{_EVENT}"""


def document(node: Node, situation: Situation, days: int) -> str:
    """The situation as JSON."""
    basis = situation.basis
    data = executed(
        node,
        DOCUMENT,
        {
            "at": rfc3339(basis.at),
            "position": basis.position,
            "within": situation.within,
            "days": days,
            "perspective": perspective_fields(basis.perspective),
        },
    )
    return pretty(data["situation"])
