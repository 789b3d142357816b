"""How is a replay certificate written as JSON?"""

import orjson

from api.commands.answer_as_json import Json
from api.verify import Certificate, Verified
from domain.occurred import rfc3339
from infra.digests import Difference


def document(certificate: Certificate) -> str:
    """One JSON document."""
    written = {
        "position": certificate.position,
        "eventId": certificate.event or None,
        "recordedAt": rfc3339(certificate.recorded_at) if certificate.event else None,
        "head": certificate.head,
        "rule": certificate.rule,
        "views": [_view(each) for each in certificate.views],
        "samples": certificate.samples,
        "seed": certificate.seed,
        "differences": [_difference(each) for each in certificate.differences],
        "same": not certificate.differences,
    }
    return orjson.dumps(written, option=_PRETTY).decode()


_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS


def _view(verified: Verified) -> Json:
    return {
        "view": verified.view,
        "rows": verified.stored.rows,
        "digest": verified.stored.whole,
        "replayed": verified.replayed.whole,
        "same": verified.difference is None,
        "places": verified.stored.places,
        "differing": verified.places,
    }


def _difference(difference: Difference) -> Json:
    return {
        "view": difference.view,
        "table": difference.table,
        "key": difference.key,
        "stored": difference.stored,
        "replayed": difference.replayed,
    }
