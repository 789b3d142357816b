"""The directive of a question that waits for a position: `query @atLeast(position: 412) { … }`.

The server waits before anything is executed; the directive itself does nothing.
"""

from typing import Annotated, Any

import strawberry
from strawberry.directive import DirectiveLocation

AT_LEAST = "atLeast"


@strawberry.directive(
    locations=[DirectiveLocation.QUERY],
    name=AT_LEAST,
    description="Answers once the views of the node have reached the position, as the header "
    "Tenure-Position of a request; after 2 seconds the answer is status 503.",
)
def at_least(
    position: Annotated[
        int, strawberry.argument(description="A position of the ledger, as a reply has told it.")
    ],
) -> Any:
    return None
