"""Answers: which documents may be named by an id, and what is served where no others may be?"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.graphql.manifests import BadDocuments, documents_in
from api.graphql.persisted import PersistedDocuments
from tests.api.server import server_at
from tests.api.small_schema import GRAPHQL, JSON, client, view

HELLO = "{ hello }"
DIGEST = sha256(HELLO.encode()).hexdigest()


def only(**more: Any) -> Any:
    return client(persisted=PersistedDocuments({"hello": HELLO, **more}, only=True))


def by_digest(digest: str, version: Any = 1) -> dict[str, Any]:
    return {"persistedQuery": {"version": version, "sha256Hash": digest}}


def code(answer: Any) -> str:
    (error,) = answer.json()["errors"]
    told: str = error["extensions"]["code"]
    return told


# ---- documents that are kept as they come --------------------------------------------------------


def test_a_document_that_was_sent_with_its_digest_is_kept_under_it() -> None:
    http = client(persisted=PersistedDocuments({"other": "{ later }"}))
    asked = {"extensions": by_digest(DIGEST)}
    unknown = http.post("/graphql", json=asked, headers={"accept": JSON})
    assert (unknown.status_code, unknown.headers["cache-control"]) == (200, "no-store")
    assert unknown.json() == {
        "errors": [
            {
                "message": "PersistedQueryNotFound",
                "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
            }
        ]
    }
    assert http.post("/graphql", json=asked).status_code == 400  # in the newer media type
    assert http.post("/graphql", json={"query": HELLO, **asked}).json()["data"]
    assert http.post("/graphql", json=asked).json() == {"data": {"hello": "Hello you"}}
    by_url = http.get("/graphql", params={"extensions": json.dumps(by_digest(DIGEST))})
    assert by_url.json() == {"data": {"hello": "Hello you"}}
    named = http.get("/graphql", params={"documentId": f"sha256:{DIGEST}"})
    assert named.json() == {"data": {"hello": "Hello you"}}


def test_nobody_can_put_a_document_under_the_digest_of_another() -> None:
    http = client(persisted=PersistedDocuments({"other": "{ later }"}))
    wrong = {"query": "{ later }", "extensions": by_digest(DIGEST)}
    assert code(http.post("/graphql", json=wrong)) == "PERSISTED_QUERY_HASH_MISMATCH"
    asked = {"extensions": by_digest(DIGEST)}
    assert code(http.post("/graphql", json=asked)) == "PERSISTED_QUERY_NOT_FOUND"
    taken = {"query": "{ hello later }", "extensions": by_digest("other")}
    assert code(http.post("/graphql", json=taken)) == "PERSISTED_QUERY_HASH_MISMATCH"


def test_documents_kept_as_they_come_are_bounded() -> None:
    persisted = PersistedDocuments({}, kept=2, kept_bytes=1_000)
    http = client(persisted=persisted)
    texts = [f"{{ hello_{number}: hello }}" for number in range(3)]
    digests = [sha256(text.encode()).hexdigest() for text in texts]
    for text, digest in zip(texts, digests, strict=True):
        http.post("/graphql", json={"query": text, "extensions": by_digest(digest)})
    found = [http.post("/graphql", json={"extensions": by_digest(each)}) for each in digests]
    assert ["data" in each.json() for each in found] == [False, True, True]
    long = f"{{ hello }} # {'x' * 2_000}"
    digest = sha256(long.encode()).hexdigest()
    assert http.post("/graphql", json={"query": long, "extensions": by_digest(digest)}).json()
    forgotten = http.post("/graphql", json={"extensions": by_digest(digest)})
    assert code(forgotten) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "given",
    [
        *([], "x", 1, {}, {"version": 1}, {"sha256Hash": DIGEST}),
        *({"version": 2, "sha256Hash": DIGEST}, {"version": 1, "sha256Hash": 7}),
        *({"version": 1, "sha256Hash": ""}, {"version": 1, "sha256Hash": "a" * 5_000}),
        {"version": "1", "sha256Hash": DIGEST},
    ],
)
def test_a_malformed_digest_is_refused(given: Any) -> None:
    answer = client().post("/graphql", json={"extensions": {"persistedQuery": given}})
    assert (answer.status_code, code(answer)) == (400, "MalformedRequest")


def test_an_id_and_a_digest_are_one_too_many() -> None:
    asked = {"documentId": "hello", "extensions": by_digest(DIGEST)}
    assert code(client().post("/graphql", json=asked)) == "MalformedRequest"


# ---- no other documents ------------------------------------------------------------------------


def test_other_documents_are_refused_however_they_are_sent() -> None:
    http = only()
    text = "{ later }"
    digest = sha256(text.encode()).hexdigest()
    for accept in (GRAPHQL, JSON):
        headers = {"accept": accept}
        for answer in (
            http.post("/graphql", json={"query": text}, headers=headers),
            http.get("/graphql", params={"query": text}, headers=headers),
            http.post(
                "/graphql", json={"query": text, "extensions": by_digest(digest)}, headers=headers
            ),
            http.post("/graphql", json={"query": "{ __schema { types { name } } }"}),
        ):
            assert (answer.status_code, code(answer)) == (400, "UntrustedDocument")
        for asked in ({"extensions": by_digest(digest)}, {"documentId": f"sha256:{digest}"}):
            answer = http.post("/graphql", json=asked, headers=headers)
            assert (answer.status_code, code(answer)) == (404, "UnknownDocument")


def test_a_trusted_document_may_be_named_by_its_digest_or_sent_whole() -> None:
    http = only()
    for asked in (
        {"documentId": "hello"},
        {"documentId": f"sha256:{DIGEST}"},
        {"extensions": by_digest(DIGEST)},
        {"extensions": by_digest("hello")},
        {"query": HELLO},
    ):
        assert http.post("/graphql", json=asked).json() == {"data": {"hello": "Hello you"}}, asked


# ---- manifests ---------------------------------------------------------------------------------


def manifest(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_the_manifests_of_three_tools_are_read(tmp_path: Path) -> None:
    manifest(tmp_path, "codegen.json", {f"sha256:{DIGEST}": HELLO})
    manifest(tmp_path, "relay.json", {"5d41402abc4b2a76b9719d911017c592": "query Q { later }"})
    operation = {"id": "ab", "name": "A", "type": "query", "body": "query A { later }"}
    apollo = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]}
    manifest(tmp_path, "apollo.json", apollo)
    manifest(tmp_path, "notes.txt", "not a manifest")
    assert documents_in(tmp_path, view().documents) == {
        f"sha256:{DIGEST}": HELLO,
        "5d41402abc4b2a76b9719d911017c592": "query Q { later }",
        "ab": "query A { later }",
    }


def test_all_that_is_wrong_with_manifests_is_told_at_once(tmp_path: Path) -> None:
    manifest(tmp_path, "a.json", {"one": "{ helo }", "two": "{ hello", "": HELLO, "ok": HELLO})
    manifest(tmp_path, "b.json", {"ok": "{ later }", f"sha256:{DIGEST}": "{ later }"})
    manifest(tmp_path, "c.json", "{")
    manifest(tmp_path, "d.json", ["{ hello }"])
    manifest(tmp_path, "e.json", {"id": {"text": HELLO}})
    manifest(tmp_path, "f.json", {"operations": [{"id": "x"}, 7]})
    manifest(tmp_path, "g.json", {"situation": HELLO})
    with pytest.raises(BadDocuments) as bad:
        documents_in(tmp_path, view().documents, {"situation": "{ later }"})
    first, *lines = (each.replace(f"{tmp_path}/", "") for each in bad.value.lines)
    assert first == "the documents of TENURE_DOCUMENTS can't be served:"
    expected = [
        ("a.json, one: ", "helo"),
        ("a.json, two: ", "Syntax Error"),
        ("a.json, : ", "an id has 1 to 200 letters"),
        ("b.json, ok: ", "another document has the same id"),
        ("b.json, sha256:", "its text has another digest"),
        ("c.json: ", "it is not JSON"),
        ("d.json: ", "a manifest is a JSON object"),
        ("e.json: ", "each document of a manifest has an id and a text"),
        ("f.json: ", "each document of a manifest has an id and a text"),
        ("g.json, situation: ", "another document has the same id"),
    ]
    assert len(lines) == len(expected)
    for line, (begin, within) in zip(lines, expected, strict=True):
        assert line.startswith(begin) and within in line


def test_a_long_list_of_problems_is_cut(tmp_path: Path) -> None:
    file = manifest(tmp_path, "all.json", {f"id-{number}": "{ no }" for number in range(60)})
    with pytest.raises(BadDocuments) as bad:
        documents_in(file, view().documents)
    assert len(bad.value.lines) == 52
    assert bad.value.lines[-1] == "and 10 more"


def test_a_folder_without_manifests_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDocuments, match="no manifest in this folder"):
        documents_in(tmp_path, view().documents)
    with pytest.raises(BadDocuments, match="no such file"):
        documents_in(tmp_path / "missing.json", view().documents)


def test_a_server_answers_the_documents_of_its_settings(tmp_path: Path) -> None:
    file = manifest(tmp_path, "all.json", {"position": "{ ledger { position } }"})
    with server_at(tmp_path, documents=file, documents_only=True) as server:
        answer = server.http.get("/graphql", params={"documentId": "position"})
        assert answer.json() == {"data": {"ledger": {"position": 0}}}
        built_in = server.http.get("/graphql", params={"documentId": "places"})
        assert built_in.json()["data"]["locations"]["nodes"] == []
        assert code(server.post("{ ledger { rule } }")) == "UntrustedDocument"
    wrong = manifest(tmp_path, "wrong.json", {"position": "{ ledgers { position } }"})
    with pytest.raises(BadDocuments, match="ledgers"), server_at(tmp_path, documents=wrong):
        pass
