"""The queries of a document, compiled when they are asked again."""

from typing import Any

from graphql import DocumentNode, OperationDefinitionNode, OperationType

from api.graphql.compiled.arguments import Variables
from api.graphql.compiled.coverage import NeverCovered, NotCovered, QueryInfo
from api.graphql.compiled.selections import (
    OperationCompiler,
    SchemaCompiler,
    SelectedFields,
    conditions_of,
)

_CHOICES = 4
"""The number of choices of what is skipped and included that are kept compiled."""
_FIELDS, _LETTERS_OF_A_FIELD = 200, 4
"""A document is compiled as far as these fields, and one more for so many letters."""


class CompiledQuery:
    """One query operation.

    After an error the operation is graphql-core's until an answer has none: else each question with
    an error would be worked out twice.
    """

    def __init__(
        self,
        shared: SchemaCompiler,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        most_fields: int,
    ) -> None:
        self._shared, self._document, self._operation = shared, document, operation
        self._most_fields = most_fields
        self._variables: Variables | None = None
        self._conditions: tuple[str, ...] = ()
        self._choices: dict[tuple[bool, ...], SelectedFields] = {}
        self._is_first = True
        self.is_never_covered = False
        self.had_errors = False

    def data(self, inputs: dict[str, Any], context: Any) -> dict[str, Any] | None:
        """The answer; None where it is left to graphql-core."""
        if self._is_first:  # most documents of a careless client come once
            self._is_first = False
            return None
        if self.is_never_covered or self.had_errors:
            return None
        try:
            return self._data(inputs, context)
        except NeverCovered:
            self.is_never_covered = True
        except Exception:  # noqa: BLE001 - the error comes again from graphql-core, in its form
            self.had_errors = True
        return None

    def _data(self, inputs: dict[str, Any], context: Any) -> dict[str, Any]:
        if self._variables is None:
            variables = Variables(self._shared.schema, self._operation)
            conditions = conditions_of(self._document, self._operation)
            self._conditions = tuple(name for name in conditions if name in variables.names)
            self._variables = variables
        given = self._variables.coerced(inputs)
        select = self._selection(tuple([given.get(name) for name in self._conditions]))
        return select(None, QueryInfo(context, given))

    def _selection(self, choice: tuple[Any, ...]) -> SelectedFields:
        known = self._choices.get(choice)
        if known is not None:
            return known
        if not all(isinstance(each, bool) for each in choice):
            raise NotCovered
        self._make_room()
        conditions = dict(zip(self._conditions, choice, strict=True))
        compiler = OperationCompiler(
            self._shared, self._document, self._operation, conditions, self._most_fields
        )
        made = self._choices[choice] = compiler.root()
        return made

    def _make_room(self) -> None:
        """Drops the oldest choices, where they are many or large."""
        while self._choices:
            fields = sum(each.compiler.fields_compiled for each in self._choices.values())
            if len(self._choices) < _CHOICES and 2 * fields <= self._most_fields:
                return
            del self._choices[next(iter(self._choices))]


def compiled_queries(
    shared: SchemaCompiler, document: DocumentNode, letters: int
) -> dict[str | None, CompiledQuery]:
    """The queries of a valid document, by name; also by None for a single operation."""
    most = _FIELDS + letters // _LETTERS_OF_A_FIELD
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    queries: dict[str | None, CompiledQuery] = {
        each.name.value if each.name else None: CompiledQuery(shared, document, each, most)
        for each in operations
        if each.operation is OperationType.QUERY
    }
    if len(operations) == 1 and queries:
        (queries[None],) = queries.values()
    return queries
