"""From which position on may a question be answered? Read off the directives of its operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

_REACH = 2**31
"""An Int of GraphQL has 32 bits."""
_DIRECTIVE, _ARGUMENT = "atLeast", "position"


@dataclass(frozen=True, slots=True)
class Floor:
    """The least position of an operation, or the variable with the position."""

    position: int | None = None
    variable: str | None = None

    def of(self, variables: Mapping[str, Any]) -> int | None:
        """The least position; None for a variable that is no Int, which its check refuses."""
        given = variables.get(self.variable, self.position) if self.variable else self.position
        if not isinstance(given, int) or isinstance(given, bool):
            return None
        return given if -_REACH <= given < _REACH else None


def floor_of(operation: OperationDefinitionNode) -> Floor | None:
    """The floor of a valid operation, if its directive gives one."""
    for directive in operation.directives or ():
        if directive.name.value == _DIRECTIVE:
            for argument in directive.arguments or ():
                if argument.name.value == _ARGUMENT:
                    return _floor(operation, argument.value)
    return None


def _floor(operation: OperationDefinitionNode, value: ValueNode) -> Floor:
    if not isinstance(value, VariableNode):
        return Floor(_number(value))
    name = value.name.value
    for defined in operation.variable_definitions or ():
        if defined.variable.name.value == name:
            return Floor(_number(defined.default_value), name)
    return Floor(variable=name)


def _number(value: ValueNode | None) -> int | None:
    if isinstance(value, IntValueNode):  # a valid one has 32 bits
        return int(value.value)
    assert value is None or isinstance(value, NullValueNode), "the document is valid"
    return None
