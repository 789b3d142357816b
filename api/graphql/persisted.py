"""Which document does a request mean that names one instead of sending it?

A *trusted* document is known beforehand, from Tenure itself or from the manifest of a frontend. An
*automatic* one has been sent before with the digest of its text, as Apollo's clients do; it is kept
in memory, within bounds, and sent again when it is gone.
"""

from collections.abc import Mapping
from hashlib import sha256

from graphql import GraphQLError

from api.graphql.documents import Cache
from api.graphql.messages import Malformed, Parameters

_BY_DIGEST = "sha256:"


class PersistedDocuments:
    """The documents that can be named. With `only`, no others are answered, however sent."""

    def __init__(
        self,
        trusted: Mapping[str, str],
        *,
        only: bool = False,
        kept: int = 1_000,
        kept_bytes: int = 4_000_000,
    ) -> None:
        self._only = only
        self._by_id: dict[str, str] = {}
        self._trusted: set[str] = set()
        self._automatic: Cache[str, str] = Cache(number=kept, weight=kept_bytes)
        self.trust(trusted)

    def trust(self, documents: Mapping[str, str]) -> None:
        """Serves these too: each under its id, and under the digest of its text."""
        for id, text in documents.items():
            digest = _digest(text)
            self._by_id |= {id: text, digest: text, f"{_BY_DIGEST}{digest}": text}
            self._trusted.add(text)

    def text(self, asked: Parameters) -> str:
        """The text of the document.

        Raises Malformed, and GraphQLError with the messages that Apollo's clients know.
        """
        text = asked.query
        if text is None:
            return self._named(asked)
        if asked.digest is not None:
            self._refuse_other(text, asked.digest)
        if self._only and text not in self._trusted:
            message = "This server answers only the documents that it was given; send an id."
            raise Malformed(400, message, code="UntrustedDocument")
        if asked.digest is not None and not self._only:
            self._automatic.keep(asked.digest, text, weight=len(text.encode()) + 200)
        return text

    def _named(self, asked: Parameters) -> str:
        name = asked.digest if asked.document_id is None else asked.document_id
        assert name is not None, "a request sends a document, or names one"
        text = self._by_id.get(name)
        if text is None and not self._only:
            text = self._automatic.get(name.removeprefix(_BY_DIGEST))
        if text is not None:
            return text
        if asked.document_id is None and not self._only:
            extensions = {"code": "PERSISTED_QUERY_NOT_FOUND"}
            raise GraphQLError("PersistedQueryNotFound", extensions=extensions)
        message = f"No document is kept under the id {name[:80]!r}."
        raise Malformed(404, message, code="UnknownDocument")

    def _refuse_other(self, text: str, digest: str) -> None:
        if self._by_id.get(digest) != text and _digest(text) != digest:
            extensions = {"code": "PERSISTED_QUERY_HASH_MISMATCH"}
            raise GraphQLError("The digest is not that of the document.", extensions=extensions)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
