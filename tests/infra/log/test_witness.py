"""Does a witness cosign only what continues what it saw, by the letter of C2SP tlog-witness?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from infra.log.signed_notes import BadKey, SignedNote
from infra.log.submission import (
    MOST_HASHES,
    MalformedSubmission,
    NotContinued,
    NotSignedByLog,
    OtherSize,
    Submission,
    SubmissionRefused,
    UnwatchedLog,
)
from infra.log.witness import Cosigner
from infra.log.witness_files import Witness, read_watched_logs, read_witnesses
from infra.log.witness_memory import NotWitnessMemory, WitnessMemory
from tests.logs import ANOTHER_WITNESS, SIGNER, STRANGER, WITNESS
from tests.witnesses import SEEN_AT, History, cosigner_at

TOLD = History()
FORKED = History("retold", common=7)
BODY = TOLD.submission(3, 11).body


@pytest.fixture
def cosigner(tmp_path: Path) -> Iterator[Cosigner]:
    with cosigner_at(tmp_path / "witness.db") as cosigner:
        yield cosigner


def cosign(cosigner: Cosigner, submission: Submission) -> SignedNote:
    """The note with the cosignature, after the way over the wire."""
    made = cosigner.cosign(Submission.parse(submission.body))
    return SignedNote(submission.note.text, (made,))


# ---- The body ---------------------------------------------------------------------------------


def test_a_submission_is_read_as_it_is_written() -> None:
    submission = TOLD.submission(3, 11)
    assert len(submission.proof) == 5
    assert Submission.parse(submission.body) == submission
    assert BODY.startswith(b"old 3\n")
    assert b"=\n\nexample.com/tenure\n11\n" in BODY


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        BODY.replace(b"old 3", b"old 03"),
        BODY.replace(b"old 3", b"old  3"),
        BODY.replace(b"old 3", b"Old 3"),
        BODY.replace(b"old 3", b"old -3"),
        BODY.replace(b"old 3", b"old 12"),
        BODY.replace(b"old 3", b"old \xd9\xa3"),
        BODY.replace(b"old 3\n", b"old 3\n" + b"A" * 43 + b"\n"),
        BODY.replace(b"old 3\n", b"old 3\n" + b"AAAA\n"),
        BODY.replace(b"old 3\n", b"old 3\n" + (b"A" * 43 + b"=\n") * MOST_HASHES),
        BODY.replace(b"old 3\n", b"old 3\r\n"),
        BODY.replace(b"\n\nexample", b"\nexample"),
        BODY.removesuffix(b"\n"),
        BODY + b"\n",
        BODY.replace(b"\n11\n", b"\n011\n"),
        BODY.replace(b"\n11\n", b"\n\n11\n"),
        b"\xff" + BODY,
    ],
)
def test_a_malformed_submission_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedSubmission) as refused:
        Submission.parse(body)
    assert refused.value.status == 400


# ---- What is cosigned -------------------------------------------------------------------------


def test_a_log_is_cosigned_from_the_first_checkpoint_on(cosigner: Cosigner) -> None:
    for old, size in [(0, 0), (0, 7), (7, 8), (8, 8), (8, 100), (100, 300)]:
        note = cosign(cosigner, TOLD.submission(old, size))
        (signature,) = note.verified([WITNESS.verifier])
        assert signature.witnessed_at == SEEN_AT


def test_lines_of_extension_are_cosigned_as_they_are(cosigner: Cosigner) -> None:
    note = cosign(cosigner, TOLD.submission(0, 7, "of another log", "and more"))
    assert note.text.endswith("of another log\nand more\n")
    assert note.verified([WITNESS.verifier])


def test_the_last_checkpoint_is_shown_with_both_signatures(cosigner: Cosigner) -> None:
    assert cosigner.checkpoint("0" * 64) is None
    cosign(cosigner, TOLD.submission(0, 7))
    cosign(cosigner, TOLD.submission(7, 9))
    (origin_hash,) = cosigner._origins
    note = SignedNote.parse(cosigner.checkpoint(origin_hash) or "")
    assert note.text == TOLD.note(9).text
    assert len(note.verified([SIGNER.verifier, WITNESS.verifier])) == 2


def test_signatures_of_strangers_are_neither_believed_nor_kept(cosigner: Cosigner) -> None:
    submission = TOLD.submission(0, 7)
    alien = STRANGER.cosign(submission.note.text, at=1)
    cosign(
        cosigner,
        replace(
            submission, note=SignedNote(submission.note.text, (alien, *submission.note.signatures))
        ),
    )
    (origin_hash,) = cosigner._origins
    assert STRANGER.name not in (cosigner.checkpoint(origin_hash) or "")
    with pytest.raises(NotSignedByLog):
        cosign(cosigner, replace(submission, note=SignedNote(submission.note.text, (alien,))))


# ---- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submission", "refusal", "status"),
    [
        (TOLD.submission(0, 11), OtherSize, 409),
        (TOLD.submission(8, 11), OtherSize, 409),
        (TOLD.submission(5, 5), OtherSize, 409),
        (FORKED.submission(10, 11), NotContinued, 422),
        (FORKED.submission(10, 10), NotContinued, 422),
        (replace(TOLD.submission(10, 11), proof=()), NotContinued, 422),
        (replace(TOLD.submission(10, 10), proof=(bytes(32),)), NotContinued, 422),
        (replace(TOLD.submission(10, 12), proof=TOLD.submission(10, 11).proof), NotContinued, 422),
    ],
)
def test_what_does_not_continue_is_refused_with_the_status_of_the_protocol(
    cosigner: Cosigner, submission: Submission, refusal: type[SubmissionRefused], status: int
) -> None:
    cosign(cosigner, TOLD.submission(0, 10))
    with pytest.raises(refusal) as refused:
        cosign(cosigner, submission)
    assert refused.value.status == status
    assert cosign(cosigner, TOLD.submission(10, 11)).verified([WITNESS.verifier])


def test_the_size_cosigned_last_is_told(cosigner: Cosigner) -> None:
    cosign(cosigner, TOLD.submission(0, 10))
    with pytest.raises(OtherSize) as refused:
        cosign(cosigner, TOLD.submission(0, 11))
    assert refused.value.size == 10


def test_a_proof_for_a_first_checkpoint_is_refused(cosigner: Cosigner) -> None:
    with pytest.raises(NotContinued):
        cosign(cosigner, replace(TOLD.submission(0, 7), proof=(bytes(32),)))


def test_an_empty_log_has_one_root(cosigner: Cosigner) -> None:
    text = TOLD.note(7).text.replace("\n7\n", "\n0\n")
    empty = Submission.of(SignedNote(text, (SIGNER.sign(text),)))
    with pytest.raises(NotContinued):
        cosign(cosigner, empty)


def test_an_unknown_log_and_a_forged_signature_are_refused(cosigner: Cosigner) -> None:
    other = TOLD.note(7).text.replace("example.com/tenure", "example.com/other")
    with pytest.raises(UnwatchedLog) as unknown:
        cosign(cosigner, Submission.of(SignedNote(other, (SIGNER.sign(other),))))
    assert unknown.value.status == 404
    forged = SignedNote(TOLD.note(7).text, (*TOLD.note(7).signatures, *TOLD.note(8).signatures))
    with pytest.raises(NotSignedByLog) as refused:
        cosign(cosigner, Submission.of(forged))
    assert refused.value.status == 403


def test_two_signed_histories_of_one_size_are_kept_as_proof(tmp_path: Path) -> None:
    path = tmp_path / "witness.db"
    with cosigner_at(path) as cosigner:
        cosign(cosigner, TOLD.submission(0, 10))
        for _ in range(2):
            with pytest.raises(NotContinued, match="two histories"):
                cosign(cosigner, FORKED.submission(10, 10))
        with pytest.raises(NotContinued):
            cosign(cosigner, FORKED.submission(10, 11))
    with cosigner_at(path) as cosigner:
        (pair,) = cosigner._memory.forks
    first, second = map(SignedNote.parse, pair)
    assert (first.text, second.text) == (TOLD.note(10).text, FORKED.note(10).text)
    assert first.verified([SIGNER.verifier])
    assert second.verified([SIGNER.verifier])


# ---- The memory -------------------------------------------------------------------------------


def test_of_many_submissions_at_once_one_history_is_cosigned(tmp_path: Path) -> None:
    path = tmp_path / "witness.db"
    with cosigner_at(path) as one, cosigner_at(path) as other:  # as two processes would
        cosign(one, TOLD.submission(0, 7))
        histories = [History(f"history {number}", common=7) for number in range(16)]

        def attempt(number: int) -> SignedNote | None:
            try:
                return cosign((one, other)[number % 2], histories[number].submission(7, 20))
            except OtherSize:
                return None

        with ThreadPoolExecutor(16) as pool:
            cosigned = list(filter(None, pool.map(attempt, range(16))))
    assert len(cosigned) == 1


def test_a_missing_memory_is_made_on_request_alone(tmp_path: Path) -> None:
    with pytest.raises(NotWitnessMemory, match="would cosign a second history"):
        WitnessMemory(tmp_path / "gone.db", WITNESS.verifier, begins=False)
    assert not (tmp_path / "gone.db").exists()


def test_a_memory_belongs_to_one_key(tmp_path: Path) -> None:
    with cosigner_at(tmp_path / "witness.db"):
        pass
    with pytest.raises(NotWitnessMemory, match="is the memory of another key"):
        WitnessMemory(tmp_path / "witness.db", ANOTHER_WITNESS.verifier, begins=True)
    (tmp_path / "letter").write_text("Dear all,\n" * 100)
    with pytest.raises(NotWitnessMemory, match="can't be a witness's memory"):
        WitnessMemory(tmp_path / "letter", WITNESS.verifier, begins=True)


# ---- The files of keys ------------------------------------------------------------------------


def test_a_witness_is_listed_with_or_without_an_address(tmp_path: Path) -> None:
    path = tmp_path / "witnesses"
    path.write_text(
        f"# ours\n\n{WITNESS.verifier}\n{ANOTHER_WITNESS.verifier}  https://w.example.org/a/ \n"
    )
    assert read_witnesses(path) == [
        Witness(WITNESS.verifier),
        Witness(ANOTHER_WITNESS.verifier, "https://w.example.org/a"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "there is no key"),
        (f"{SIGNER.verifier}", "1: the key of example.com/tenure is not a witness's"),
        (f"{WITNESS.verifier} ftp://w.example.org", "is no address of a witness"),
        (f"{WITNESS.verifier} https://w.example.org/?a=b", "is no address of a witness"),
        (f"{WITNESS.verifier} https://ana:secret@w.example.org", "is no address of a witness"),
        (f"{WITNESS.verifier} http://w.example.org/a b", "is no address of a witness"),
        (f"{WITNESS.verifier}\n{WITNESS.verifier} http://w.example.org", "twice"),
        ("nonsense http://w.example.org", ":1: "),
    ],
)
def test_a_list_of_witnesses_that_is_none_is_refused(
    tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "witnesses"
    path.write_text(content)
    with pytest.raises(BadKey, match=words):
        read_witnesses(path)


def test_a_log_is_listed_by_the_name_of_its_key_or_another(tmp_path: Path) -> None:
    path = tmp_path / "logs"
    path.write_text(f"{SIGNER.verifier}\n{SIGNER.verifier} another origin\n")
    assert read_watched_logs(path) == {
        SIGNER.name: [SIGNER.verifier],
        "another origin": [SIGNER.verifier],
    }
    path.write_text(f"{WITNESS.verifier}\n")
    with pytest.raises(BadKey, match="is a witness's"):
        read_watched_logs(path)
