"""Answers: is a note signed as C2SP has it, by whom, and what if somebody forges it?"""

import os
import stat
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.log.checkpoints import Checkpoint
from infra.log.key_files import read_signer_key, read_verifier_keys, write_signer_key
from infra.log.merkle import EMPTY_ROOT
from infra.log.signed_notes import (
    BadKey,
    BadNote,
    Forged,
    KeyType,
    Signature,
    SignedNote,
    SignerKey,
    VerifierKey,
)

PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_NOTE = """\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501 - as it is published
"""The example of the specification."""
COSIGNED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501 - as it is published

LOG = SignerKey("example.com/log", KeyType.NOTE, bytes(range(32)))
WITNESS = SignerKey("witness.example.com", KeyType.COSIGNATURE, bytes(range(32, 64)))
CHECKPOINT = Checkpoint("example.com/log", 7, EMPTY_ROOT)
SEEN_AT = 1_700_000_000


def signed(text: str = CHECKPOINT.text) -> SignedNote:
    return SignedNote(text, (LOG.sign(text), WITNESS.cosign(text, at=SEEN_AT)))


# ---- Notes -----------------------------------------------------------------------------------


def test_the_published_note_is_verified_by_the_published_key() -> None:
    note = SignedNote.parse(PUBLISHED_NOTE)
    assert str(note) == PUBLISHED_NOTE
    (signature,) = note.verified([VerifierKey.parse(PUBLISHED_KEY)])
    assert (signature.name, signature.key_id.hex()) == ("example.com/foo", "530d903a")


def test_the_published_checkpoint_with_a_cosignature_can_be_read() -> None:
    note = SignedNote.parse(COSIGNED)
    assert str(note) == COSIGNED
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.text == note.text
    assert note.signatures[1].witnessed_at == 1_679_315_147


def test_a_note_tells_which_of_the_known_keys_signed_it() -> None:
    note = SignedNote.parse(str(signed()))
    assert note == signed()
    assert note.verified([LOG.verifier, WITNESS.verifier]) == note.signatures
    assert note.verified([WITNESS.verifier]) == note.signatures[1:]
    assert note.verified([]) == ()


def test_a_signature_of_an_unknown_key_is_passed_over_even_under_a_known_name() -> None:
    stranger = SignerKey(LOG.name, KeyType.NOTE, bytes(32))
    note = SignedNote(CHECKPOINT.text, (stranger.sign(CHECKPOINT.text),))
    assert note.verified([LOG.verifier]) == ()


@pytest.mark.parametrize("number", [0, 1])
def test_a_signature_that_its_key_did_not_make_is_forged(number: int) -> None:
    note = signed()
    true = note.signatures[number]
    for made in (true.made[:-1] + b"\0", true.made[:-1], true.made + b"\0", b"\xff" * 72, b"x"):
        forged = Signature(true.name, true.key_id, made)
        with pytest.raises(Forged, match=f"under the name {true.name} was not made with its key"):
            SignedNote(note.text, (forged,)).verified([LOG.verifier, WITNESS.verifier])


def test_a_signature_holds_for_its_text_alone() -> None:
    later = Checkpoint(CHECKPOINT.origin, 8, CHECKPOINT.root)
    for key in (LOG.verifier, WITNESS.verifier):
        with pytest.raises(Forged):
            SignedNote(later.text, signed().signatures).verified([key])


def test_a_cosignature_holds_for_its_time_alone() -> None:
    true = signed().signatures[1]
    later = (SEEN_AT + 1).to_bytes(8) + true.made[8:]
    assert true.witnessed_at == SEEN_AT
    assert WITNESS.verifier.made(true, CHECKPOINT.text)
    moved = Signature(true.name, true.key_id, later)
    assert not WITNESS.verifier.made(moved, CHECKPOINT.text)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1))
def test_any_text_can_be_signed(line: str) -> None:
    text = f"{line}\n\n{line}\n"
    note = SignedNote.parse(str(SignedNote(text, (LOG.sign(text),))))
    assert note.text == text
    assert len(note.verified([LOG.verifier])) == 1


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("", "a note is a text, an empty line"),
        ("text\n", "a note is a text, an empty line"),
        ("text\n\n", "a note is a text, an empty line"),
        (PUBLISHED_NOTE[:-1], "each on a whole line"),
        (PUBLISHED_NOTE.replace("— ", "- "), "is no signature"),
        (PUBLISHED_NOTE.replace("foo U", "foo bar U"), "is no signature"),
        (PUBLISHED_NOTE.replace("QM=", "QM"), "is no signature"),
        (PUBLISHED_NOTE.replace("QM=", "QN="), "is no signature"),
        ("text\n\n— name AAAA\n", "is no signature"),
        (PUBLISHED_NOTE.replace("an", "a\t"), "no control characters"),
        (PUBLISHED_NOTE.replace("\n", "\r\n"), "no control characters"),
        (PUBLISHED_NOTE + "— x AAAAAAA=\n" * 100, "at most 100 signatures"),
        ("x" * 100_001, "at most 100,000 bytes"),
    ],
)
def test_what_is_no_note_is_refused_in_plain_words(broken: str, why: str) -> None:
    with pytest.raises(BadNote, match=why):
        SignedNote.parse(broken)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "log\n7\n",
        "\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "log\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "log\n-7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "log\n7\n47DEQpj8HBSa\n",
        "log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(broken: str) -> None:
    with pytest.raises(BadNote, match="no checkpoint"):
        Checkpoint.parse(broken)


# ---- Keys ------------------------------------------------------------------------------------


def test_a_key_is_its_name_its_id_and_its_type() -> None:
    key = VerifierKey.parse(PUBLISHED_KEY)
    assert (key.name, key.type, key.id.hex()) == ("example.com/foo", KeyType.NOTE, "530d903a")
    assert str(key) == PUBLISHED_KEY
    assert VerifierKey.parse(str(WITNESS.verifier)) == WITNESS.verifier


def test_one_key_has_another_id_for_each_type_of_signature() -> None:
    other = SignerKey(LOG.name, KeyType.COSIGNATURE, bytes(range(32)))
    assert other.verifier.public == LOG.verifier.public
    assert other.verifier.id != LOG.verifier.id


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("", "not the base64"),
        ("example.com/foo", "not the base64"),
        (PUBLISHED_KEY.replace("foo", "fob"), "its content gives another"),
        (PUBLISHED_KEY.replace("530d903a", "530D903A"), "its content gives another"),
        (PUBLISHED_KEY.replace("foo", "f oo"), "can't be called"),
        (PUBLISHED_KEY[:-4], "not the base64"),
        ("a+00000000+" + b64encode(b"\x06" + bytes(32)).decode(), "keys of type 0x06"),
    ],
)
def test_what_is_no_key_is_refused_in_plain_words(broken: str, why: str) -> None:
    with pytest.raises(BadKey, match=why):
        VerifierKey.parse(broken)


def test_a_new_key_is_another_one_and_is_named_after_itself_unless_it_is_given_a_name() -> None:
    one, two = SignerKey.generate(), SignerKey.generate()
    assert one.name.startswith("tenure/")
    assert one.name != two.name
    named = SignerKey.generate("example.com/mali", KeyType.COSIGNATURE)
    assert (named.name, named.verifier.type) == ("example.com/mali", KeyType.COSIGNATURE)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x1bb"])
def test_a_name_that_no_note_could_hold_is_refused(name: str) -> None:
    with pytest.raises(BadKey, match="can't be called"):
        SignerKey.generate(name)


def test_a_key_is_not_shown_by_accident() -> None:
    assert repr(LOG) == "SignerKey('example.com/log')"


# ---- Files of keys ---------------------------------------------------------------------------


def test_the_file_of_a_key_is_for_its_owner_alone_and_gives_the_key_back(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    previous = os.umask(0)
    try:
        write_signer_key(path, LOG)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("PRIVATE+KEY+example.com/log+")
    assert read_signer_key(path).verifier == LOG.verifier


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    write_signer_key(path, LOG)
    with pytest.raises(BadKey, match="a key is never overwritten"):
        write_signer_key(path, WITNESS)
    assert read_signer_key(path).name == LOG.name


def test_a_folder_that_git_ignores_may_hold_a_key_within_a_checkout(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "keys"
    folder.mkdir(0o700)
    (folder / ".gitignore").write_text("*\n")
    key = SignerKey.generate()
    write_signer_key(folder / "log.key", key)
    assert read_signer_key(folder / "log.key") == key


@pytest.mark.parametrize("checkout", ["folder", "worktree"])
def test_no_key_is_written_where_it_could_be_committed(tmp_path: Path, checkout: str) -> None:
    marker, inside = tmp_path / ".git", tmp_path / "deploy" / "secrets"
    inside.mkdir(parents=True)
    marker.mkdir() if checkout == "folder" else marker.write_text("gitdir: elsewhere")
    with pytest.raises(BadKey, match="lies in a git checkout"):
        write_signer_key(inside / "log.key", LOG)
    assert list(inside.iterdir()) == []


def test_no_key_is_written_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(BadKey, match="no key can be written"):
        write_signer_key(tmp_path / "nowhere" / "log.key", LOG)


def test_a_key_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    write_signer_key(path, LOG)
    path.chmod(0o644)
    with pytest.raises(BadKey, match=r"others.*can read.*chmod 600"):
        read_signer_key(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no key that signs"),
        (PUBLISHED_KEY.encode(), "no key that signs"),
        (LOG.secret().replace("example", "example2").encode(), "was altered"),
        (b"\xff\xfe", "can't be read"),
    ],
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "log.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BadKey, match=why):
        read_signer_key(path)
    path.unlink()
    with pytest.raises(BadKey, match="can't be read: No such file"):
        read_signer_key(path)


def test_a_file_names_the_keys_of_witnesses_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "witnesses"
    path.write_text(f"# Whom we asked.\n\n{WITNESS.verifier}\n{PUBLISHED_KEY}\n")
    assert read_verifier_keys(path) == [WITNESS.verifier, VerifierKey.parse(PUBLISHED_KEY)]
    path.write_text(f"{WITNESS.verifier}\nnonsense\n")
    with pytest.raises(BadKey, match=r"witnesses:2: "):
        read_verifier_keys(path)
    with pytest.raises(BadKey, match="can't be read: No such file"):
        read_verifier_keys(tmp_path / "nowhere")
