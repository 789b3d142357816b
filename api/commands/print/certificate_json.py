"""A certificate as JSON."""

from base64 import b64encode

import orjson

from api.audit.certificate import Certificate
from api.audit.kept_timestamps import KeptTimestamps
from api.audit.ledger_check import LedgerCertificate, LogCertificate
from api.audit.view_check import VerifiedView
from api.commands.print.event_json import Json
from api.commands.print.log_certificate import timestamps_json
from domain.occurred import rfc3339
from domain.texts import escaped_json
from infra.views.digests import RowDifference


def document(
    checked: LedgerCertificate, certificate: Certificate | None, stamps: KeptTimestamps
) -> str:
    """The certificate as one JSON document; without views, about the ledger alone."""
    differences = certificate.differences if certificate else []
    written = {
        "head": checked.head,
        "log": _log(checked.log) if checked.log else None,
        "findings": [*checked.findings, *stamps.findings],
        "raisedTimes": {
            "count": checked.raised,
            "first": [
                {
                    "position": each.position,
                    "recordedAt": rfc3339(each.recorded_at),
                    "countsAs": rfc3339(each.counts_as),
                }
                for each in checked.first_raised
            ],
        },
        "timestamps": timestamps_json(stamps.stamped),
        **(_replayed(certificate) if certificate else {}),
        "differences": [_difference(each) for each in differences],
        "same": not differences and not checked.findings and not stamps.findings,
    }
    return escaped_json(orjson.dumps(written, default=_hexadecimal, option=_PRETTY).decode())


_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS


def _hexadecimal(value: object) -> str:
    """Views hold no bytes, but a hand-made alteration may."""
    assert isinstance(value, bytes), "SQLite holds nothing else that JSON has not"
    return value.hex()


def _replayed(certificate: Certificate) -> Json:
    return {
        "position": certificate.position,
        "eventId": certificate.event or None,
        "recordedAt": rfc3339(certificate.recorded_at) if certificate.event else None,
        "rule": certificate.rule,
        "views": [_view(each) for each in certificate.views],
        "samples": certificate.samples,
        "seed": certificate.seed,
    }


def _log(log: LogCertificate) -> Json:
    return {
        "size": log.size,
        "position": log.position,
        "root": b64encode(log.root).decode() if log.root else None,
        "kept": log.is_kept,
        "checkpoints": log.checkpoints,
        "keys": list(log.keys),
    }


def _view(verified: VerifiedView) -> Json:
    return {
        "view": verified.view,
        "rows": verified.stored.rows,
        "digest": verified.stored.whole,
        "replayed": verified.replayed.whole,
        "same": verified.difference is None,
        "places": verified.stored.places,
        "differing": verified.places,
    }


def _difference(difference: RowDifference) -> Json:
    return {
        "view": difference.view,
        "table": difference.table,
        "key": difference.key,
        "stored": difference.stored,
        "replayed": difference.replayed,
    }
