"""The GraphQL contract; `python -m api.schema.contract` writes api/schema.graphql."""

from pathlib import Path

import strawberry
from strawberry.schema.config import StrawberryConfig

from api.schema.at_least import at_least
from api.schema.events import EVENT_OBJECTS
from api.schema.mutations import Mutation
from api.schema.queries import Query
from api.schema.scalars import SCALARS
from api.schema.subscriptions import SubscriptionObject

FILE = Path(__file__).parent.parent / "schema.graphql"


def schema() -> strawberry.Schema:
    """The schema for frontends."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=SubscriptionObject,
        types=list(EVENT_OBJECTS.values()),
        directives=[at_least],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


if __name__ == "__main__":
    FILE.write_text(f"{schema().as_str()}\n", encoding="utf-8")
