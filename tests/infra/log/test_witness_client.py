"""Does a log take a cosignature only from the witness, and survive whatever comes back?"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.http.witness_app import create_witness_app
from domain.refusals import Refusal
from infra.ledger.engines import open_recorder
from infra.log.http_exchange import NoAnswer
from infra.log.signed_notes import SignedNote
from infra.log.transparency_log import TransparencyLog
from infra.log.witness_client import NotCosigned, WitnessAhead, WitnessClient
from tests.api.serving import serving
from tests.infra.log.test_http_files import Answer, answering, drip, endless, whole
from tests.logs import STRANGER, WITNESS, history, log_at, put, stored
from tests.witnesses import SEEN_AT, History, cosigner_at

ENTRIES = stored(history(300))
SIZE = "Content-Type: text/x.tlog.size"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TransparencyLog]:
    with open_recorder("memory:") as recorder, log_at(tmp_path / "log.db", recorder) as log:
        for size in (40, 300):
            put(recorder, ENTRIES[log.log.size : size])
            log.catch_up()
        yield log


def note(log: TransparencyLog, size: int) -> SignedNote:
    found = log.checkpoint(size)
    assert found
    return found


def test_the_size_that_a_witness_tells_is_proven_from(log: TransparencyLog, tmp_path: Path) -> None:
    with (
        cosigner_at(tmp_path / "witness.db") as cosigner,
        serving(create_witness_app(cosigner), lifespan="off") as url,
    ):
        with closing(WitnessClient(log, WITNESS.verifier, url)) as first:
            assert first.submit(note(log, 40)).witnessed_at == SEEN_AT
            assert first.submit(note(log, 40)).witnessed_at == SEEN_AT
        with closing(WitnessClient(log, WITNESS.verifier, f"{url}/")) as fresh:
            assert fresh.submit(note(log, 300)).name == WITNESS.name
            assert fresh.size == 300
        with (
            closing(WitnessClient(log, WITNESS.verifier, url)) as behind,
            pytest.raises(WitnessAhead, match="has cosigned 300 leaves"),
        ):
            behind.submit(note(log, 40))


def test_a_witness_of_another_history_does_not_cosign(log: TransparencyLog, tmp_path: Path) -> None:
    with (
        cosigner_at(tmp_path / "witness.db") as cosigner,
        serving(create_witness_app(cosigner), lifespan="off") as url,
        closing(WitnessClient(log, WITNESS.verifier, url)) as client,
    ):
        cosigner.cosign(History().submission(0, 40))
        with pytest.raises(NotCosigned, match="status 422: '300 leaves are not shown to continue"):
            client.submit(note(log, 300))


COSIGNED = WITNESS.cosign("another text\n", at=SEEN_AT)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (whole(b""), "no cosignature"),
        (whole(b"hello\n"), "no cosignature"),
        (whole(b"\xff\xff"), "no cosignature"),
        (whole(f"{COSIGNED}\n".encode()), "was not made with its key"),
        (
            whole(f"{STRANGER.cosign('x', at=1)}\n".encode()),
            "signed by 'stranger",
        ),
        (whole(b"7\n", "409 Conflict"), "tells no size"),
        (whole(b"-7\n", "409 Conflict", SIZE), "tells no size"),
        (whole(b"9" * 40, "409 Conflict", SIZE), "tells no size"),
        (whole(b"7\n", "409 Conflict", SIZE), "3 times in a row, 7 last"),
        (whole(b"301\n", "409 Conflict", SIZE), "another node signs with the same key"),
        (whole(b"\x1b[2Jno", "403 Forbidden"), r"status 403: '\\x1b[2Jno'"),
        (whole(b"", "302 Found", "Location: http://10.0.0.1/"), "which is not asked"),
        (whole(b"x" * 200_000), "longer than 100,000 bytes"),
        (endless, "longer than 100,000 bytes"),
        (drip, "no whole answer came within 1 seconds"),
    ],
)
def test_whatever_a_witness_answers_it_is_no_cosignature(
    log: TransparencyLog, answer: Answer, words: str
) -> None:
    before = log.cosigned()
    with (
        answering(answer) as url,
        closing(WitnessClient(log, WITNESS.verifier, url, seconds=1)) as client,
        pytest.raises(Refusal) as refused,
    ):
        client.submit(note(log, 300))
    assert isinstance(refused.value, NotCosigned | NoAnswer)
    assert words.replace("\\\\", "\\") in str(refused.value)
    assert log.cosigned() == before
