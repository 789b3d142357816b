"""Do the cosignatures of a checkpoint come together, and is no witness awaited for ever?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.ledger.dcb import Recorder
from infra.ledger.engines import open_recorder
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import Forged, SignedNote, SignerKey
from infra.log.submission_rounds import SubmissionRounds
from infra.log.transparency_log import TransparencyLog
from tests.logs import ANOTHER_WITNESS, SIGNER, WITNESS, history, log_at, put, stored

ENTRIES = stored(history(20))
KEYS = [WITNESS.verifier, ANOTHER_WITNESS.verifier]


class Growing:
    """A log that takes in entries one by one, and the rounds of its witnesses."""

    def __init__(self, recorder: Recorder, log: TransparencyLog) -> None:
        self._recorder, self.log = recorder, log
        self.seconds = 0.0
        self.rounds = SubmissionRounds(log, KEYS, longest=10, now=lambda: self.seconds)

    def grow(self) -> None:
        at = self.log.log.size
        put(self._recorder, ENTRIES[at : at + 1])
        self.log.catch_up()

    def asked(self, witness: SignerKey) -> int | None:
        """The size that a witness is asked about."""
        note = self.rounds.next_for(witness.verifier)
        return Checkpoint.parse(note.text).size if note else None

    def cosigns(self, witness: SignerKey) -> None:
        note = self.rounds.next_for(witness.verifier)
        assert note
        self.answers(witness, note)

    def answers(self, witness: SignerKey, note: SignedNote) -> None:
        self.rounds.cosigned(witness.verifier, note, witness.cosign(note.text, at=1_700_000_000))

    @property
    def cosigned(self) -> tuple[int, list[str]]:
        """The newest cosigned size that is served, and by whom."""
        note = self.log.cosigned()
        if note is None:
            return 0, []
        names = [each.name for each in note.verified(KEYS)]
        return Checkpoint.parse(note.text).size, sorted(names)


BOTH = sorted([WITNESS.name, ANOTHER_WITNESS.name])


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Growing]:
    with open_recorder("memory:") as recorder, log_at(tmp_path / "log.db", recorder) as log:
        yield Growing(recorder, log)


def test_an_empty_log_is_not_submitted(growing: Growing) -> None:
    growing.log.catch_up()
    assert growing.asked(WITNESS) is None


def test_while_checkpoints_come_fast_all_witnesses_cosign_the_same_one(growing: Growing) -> None:
    for expected in (1, 4):
        growing.grow()
        growing.cosigns(WITNESS)
        growing.grow()
        growing.grow()
        assert growing.asked(ANOTHER_WITNESS) == expected
        growing.cosigns(ANOTHER_WITNESS)
        assert growing.cosigned == (expected, BOTH)


def test_the_newest_checkpoint_wins(growing: Growing) -> None:
    for _ in range(5):
        growing.grow()
    assert growing.asked(WITNESS) == 5


def test_a_reader_finds_all_cosignatures_of_a_round_or_none(growing: Growing) -> None:
    growing.grow()
    growing.cosigns(WITNESS)
    assert growing.cosigned == (0, [])
    assert growing.asked(WITNESS) is None
    growing.cosigns(ANOTHER_WITNESS)
    assert growing.cosigned == (1, BOTH)


def test_a_failing_witness_is_not_awaited_and_joins_again(growing: Growing) -> None:
    growing.grow()
    assert growing.asked(ANOTHER_WITNESS) == 1
    growing.rounds.failed(ANOTHER_WITNESS.verifier)
    growing.cosigns(WITNESS)
    assert growing.cosigned == (1, [WITNESS.name])
    growing.grow()
    growing.cosigns(WITNESS)
    assert growing.cosigned == (2, [WITNESS.name])
    growing.cosigns(ANOTHER_WITNESS)
    assert growing.cosigned == (2, BOTH)
    growing.grow()
    growing.cosigns(WITNESS)
    assert growing.cosigned == (2, BOTH)  # awaited again


def test_a_slow_witness_is_awaited_for_a_while_and_its_word_is_kept(growing: Growing) -> None:
    growing.grow()
    late = growing.rounds.next_for(ANOTHER_WITNESS.verifier)
    assert late
    growing.cosigns(WITNESS)
    growing.grow()
    growing.seconds = 9
    assert growing.asked(WITNESS) is None
    growing.seconds = 10
    assert growing.asked(WITNESS) == 2
    assert growing.cosigned == (1, [WITNESS.name])
    growing.answers(ANOTHER_WITNESS, late)
    assert growing.cosigned == (1, BOTH)


def test_what_was_cosigned_before_a_restart_is_not_asked_again(growing: Growing) -> None:
    growing.grow()
    growing.cosigns(WITNESS)
    growing.rounds.keep()
    growing.rounds = SubmissionRounds(growing.log, KEYS)
    assert growing.asked(WITNESS) is None
    assert growing.asked(ANOTHER_WITNESS) == 1


def test_a_witness_is_sent_the_signatures_of_the_log_alone(growing: Growing) -> None:
    growing.grow()
    growing.cosigns(WITNESS)
    growing.rounds.keep()
    growing.rounds = SubmissionRounds(growing.log, KEYS)
    note = growing.rounds.next_for(ANOTHER_WITNESS.verifier)
    assert note
    assert [each.name for each in note.signatures] == [SIGNER.name]


def test_a_false_cosignature_is_kept_out_and_holds_up_nobody(growing: Growing) -> None:
    growing.grow()
    note = growing.rounds.next_for(WITNESS.verifier)
    assert note
    growing.rounds.failed(ANOTHER_WITNESS.verifier)
    false = WITNESS.cosign("another text\n", at=1)
    with pytest.raises(Forged):
        growing.rounds.cosigned(WITNESS.verifier, note, false)
    growing.grow()
    assert growing.asked(WITNESS) == 2
