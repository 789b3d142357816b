"""Answers: can anybody read the log over HTTP, and check an answer's evidence against it?"""

import gzip
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.log.checkpoints import Checkpoint
from infra.log.key_files import write_signer_key
from infra.log.merkle import leaf_hash, verify_consistency
from infra.log.signed_notes import BadKey, SignedNote, VerifierKey
from infra.log.tiles import leaves_in
from tests.api.server import Server, describe_the_world, server_at
from tests.api.test_serving import until
from tests.logs import SIGNER, WITNESS, root_of, verify_inclusion

FOR_EVER = "public, immutable, max-age=31536000"
PROOF = "inclusionProof { index size hashes leafHash root checkpoint }"


@pytest.fixture
def signing(tmp_path: Path) -> Iterator[Server]:
    """A server that signs its log and knows the world."""
    key, witnesses = tmp_path / "log.key", tmp_path / "witnesses"
    write_signer_key(key, SIGNER)
    witnesses.write_text(f"{WITNESS.verifier}\n")
    with server_at(tmp_path, signing_key=key, witnesses=witnesses) as server:
        describe_the_world(server)
        settle(server)
        yield server


def settle(server: Server) -> None:
    """Waits until the log has taken everything in."""
    until(lambda: server.http.get("/readyz").json()["log"]["lag"] == 0)


def checkpoint(server: Server) -> Checkpoint:
    answer = server.http.get("/tlog/checkpoint")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    note = SignedNote.parse(answer.text)
    assert note.verified([SIGNER.verifier])
    return Checkpoint.parse(note.text)


def test_checkpoint_tile_and_entries_agree(signing: Server) -> None:
    signed = checkpoint(signing)
    assert signed.size == signing.head
    tile = signing.http.get(f"/tlog/tile/0/000.p/{signed.size}")
    bundle = signing.http.get(f"/tlog/tile/entries/000.p/{signed.size}")
    for answer in (tile, bundle):
        assert answer.headers["content-type"] == "application/octet-stream"
    assert tile.headers["cache-control"] == FOR_EVER
    assert bundle.headers["cache-control"] == FOR_EVER.replace("public", "private")
    hashes = [leaf_hash(leaf) for leaf in leaves_in(bundle.content)]
    assert tile.content == b"".join(hashes)
    assert root_of(hashes) == signed.root


def test_an_earlier_width_of_a_tile_stays(signing: Server) -> None:
    whole = signing.http.get(f"/tlog/tile/0/000.p/{signing.head}").content
    assert signing.http.get("/tlog/tile/0/000.p/3").content == whole[:96]


def test_entries_are_compressed_for_who_takes_it(signing: Server) -> None:
    path = "/tlog/tile/entries/000.p/5"
    plain = signing.http.get(path, headers={"accept-encoding": "identity"})
    packed = signing.http.get(path, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content)) < len(plain.content)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("0/000", 404, "leaves; that is there from 256 on"),
        ("1/000.p/1", 404, "that is there from 256 on"),
        ("entries/001.p/1", 404, "that is there from 257 on"),
        ("0/0", 400, "names no tile"),
        ("0/000.p/256", 400, "is written 0/000"),
        ("64/000", 400, "no tile has the level 64"),
        ("nothing", 400, "names no tile"),
    ],
)
def test_a_tile_that_is_not_there_is_said_in_plain_words(
    signing: Server, path: str, status: int, said: str
) -> None:
    answer = signing.http.get(f"/tlog/tile/{path}")
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-cache")
    assert said in answer.text


def test_a_node_without_a_key_says_that_it_does_not_sign(server: Server) -> None:
    settle(server)
    answer = server.http.get("/tlog/checkpoint")
    assert answer.status_code == 404
    assert "TENURE_SIGNING_KEY" in answer.text
    assert server.http.get("/tlog/tile/0/000.p/3").status_code == 200
    found = server.ask("{ ledger { checkpoint cosignedCheckpoint verifierKey } }")["ledger"]
    assert found == {"checkpoint": None, "cosignedCheckpoint": None, "verifierKey": None}


def test_a_node_tells_the_key_that_its_checkpoints_are_checked_with(signing: Server) -> None:
    told = signing.ask("{ ledger { verifierKey } }")["ledger"]["verifierKey"]
    note = SignedNote.parse(signing.http.get("/tlog/checkpoint").text)
    assert note.verified([VerifierKey.parse(told)])


def test_a_cosigned_checkpoint_is_served(signing: Server, tmp_path: Path) -> None:
    assert signing.http.get("/tlog/cosigned").status_code == 404
    note = SignedNote.parse(signing.http.get("/tlog/checkpoint").text)
    made = WITNESS.cosign(note.text, at=1_700_000_000)
    cosigned = SignedNote(note.text, (*note.signatures, made))
    signing.http.app.state.node.log.add_cosignatures(cosigned)  # type: ignore[attr-defined]
    served = SignedNote.parse(signing.http.get("/tlog/cosigned").text)
    assert served.verified([WITNESS.verifier]) == (made,)
    assert signing.http.get("/tlog/checkpoint").text == str(served)
    assert signing.ask("{ ledger { c: cosignedCheckpoint } }")["ledger"]["c"] == str(served)


def test_an_event_is_proven_to_be_in_the_log(signing: Server) -> None:
    event = signing.seized("fama", on="2023-11-14")
    settle(signing)
    query = f"query ($id: ID!) {{ event(id: $id) {{ {PROOF} }} }}"
    proof = signing.ask(query, id=event["id"])["event"]["inclusionProof"]
    signed = Checkpoint.parse(SignedNote.parse(proof["checkpoint"]).text)
    assert (proof["index"], proof["size"]) == (event["position"] - 1, signed.size)
    assert b64decode(proof["root"]) == signed.root
    leaf, hashes = b64decode(proof["leafHash"]), [b64decode(each) for each in proof["hashes"]]
    verify_inclusion(leaf, proof["index"], signed.size, hashes, signed.root)


def test_an_event_is_proven_in_an_earlier_tree_on_request(signing: Server) -> None:
    query = "{ events(first: 1) { nodes { inclusionProof(size: 5) { size hashes } } } }"
    (found,) = signing.ask(query)["events"]["nodes"]
    assert found["inclusionProof"]["size"] == 5
    code, message = signing.error(
        "{ events(last: 1) { nodes { inclusionProof(size: 5) { size } } } }"
    )
    assert code == "NoSuchTree"
    assert "not 5" in message


def test_the_log_is_proven_only_to_have_grown(signing: Server) -> None:
    old = checkpoint(signing)
    signing.seized("fama", on="2023-11-14")
    settle(signing)
    new = checkpoint(signing)
    query = """query ($from: Int!, $to: Int!) {
        consistencyProof(from: $from, to: $to) { from to hashes fromRoot toRoot } }"""
    found = signing.ask(query, **{"from": old.size, "to": new.size})["consistencyProof"]
    assert (found["from"], found["to"]) == (old.size, new.size)
    assert (b64decode(found["fromRoot"]), b64decode(found["toRoot"])) == (old.root, new.root)
    hashes = [b64decode(each) for each in found["hashes"]]
    verify_consistency(old.size, old.root, new.size, new.root, hashes)


def test_a_tree_that_is_not_there_is_refused_in_public(signing: Server) -> None:
    code, message = signing.error("{ consistencyProof(from: 1, to: 1000) { to } }")
    assert (code, "not 1,000" in message) == ("NoSuchTree", True)


def test_a_proof_is_not_kept_for_ever_since_the_log_grows(signing: Server) -> None:
    query = f'{{ control(location: "kidal", at: "2023-11-20", position: 5) {{ status }} events(first: 1) {{ nodes {{ {PROOF} }} }} }}'  # noqa: E501
    assert signing.get(query).headers["cache-control"] == "no-cache"


def test_a_server_whose_key_cannot_be_used_does_not_start(tmp_path: Path) -> None:
    with (
        pytest.raises(BadKey, match="can't be read"),
        server_at(tmp_path, signing_key=tmp_path / "nowhere"),
    ):
        pass


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("notgzip", False)],
)
def test_entries_are_compressed_for_whoever_takes_that(
    signing: Server, accepted: str, is_compressed: bool
) -> None:
    path = f"/tlog/tile/entries/000.p/{signing.head}"
    answer = signing.http.get(path, headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("content-encoding") == "gzip") == is_compressed
    assert signing.http.head(path).status_code == 200
