"""A process for dear questions: a read-only node, and the GraphQL schema."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from sqlite3 import DatabaseError

import strawberry

from api.graphql.documents import Document, Documents, InvalidDocument, Refused
from api.graphql.execution import Execution, Question, Reply
from api.graphql.feed_pages import BeginTask, FeedPage, FeedReader, OutOfUse, PageTask, Waits
from api.graphql.feeds import Cursor
from api.graphql.helper_process import Carry, Opened
from api.graphql.kept import Resting
from api.graphql.limits import Limits
from api.http.map_answers import MapMade, MapTask
from api.http.map_answers import carried_out as made_of_maps
from api.http.map_geojson import GeoJsonMade, GeoJsonTask, MapRefused
from api.http.map_geojson import carried_out as made_as_geojson
from api.http.outages import refusal_of
from api.http.table_task import TableMade, TableRefused, TableTask, carried_out
from api.node import Node, open_node
from api.schema.context import Context, Principal
from api.schema.contract import schema
from api.schema.prices import PRICES
from api.schema.queries import TARGETS
from api.schema.subscriptions import snapshot_of
from domain.refusals import Unavailable
from infra.settings import Settings
from infra.views.file import ViewState

FOR_EVER = "public, immutable, max-age=31536000"
"""The cache directive of an answer with a closed basis."""
_STEPS = 20_000
"""The steps of SQLite between two looks for an interruption."""

Task = str | tuple[Question, Principal] | TableTask | GeoJsonTask | MapTask | BeginTask | PageTask
"""The text of an unchecked document, a question and its author, a table, a question about a map,
or a part of a subscription."""
Told = (
    Document
    | Refused
    | Reply
    | TableMade
    | TableRefused
    | GeoJsonMade
    | MapMade
    | MapRefused
    | Cursor
    | FeedPage
    | Waits
    | OutOfUse
)


def cache_control(context: Context) -> str:
    return FOR_EVER if context.closed else "no-cache"


def is_shared(context: Context) -> bool:
    return context.is_shared


def rests_on(context: Context) -> Resting | None:
    """What shared answers rest on: the views of the node, as they are now."""
    return resting_on(lambda: context.state)


def resting_on(read: Callable[[], ViewState]) -> Resting | None:
    """What answers rest on in the state that is read; None where it can't be read."""
    try:
        state = read()
    except (DatabaseError, Unavailable):  # an answer tells why
        return None
    return Resting(state.build, state)


def position_of(context: Context) -> int | None:
    return context.seen


def opened_for_questions(settings: Settings, limits: Limits) -> Opened:
    """The opening of a helper."""
    return partial(answering, settings, limits)


@contextmanager
def answering(settings: Settings, limits: Limits) -> Iterator[Carry]:
    """Answers to tasks, on a node of the settings."""
    with open_node(settings, makes_views=False) as node:
        reader = node.views.reader
        reader.execute("PRAGMA query_only = ON")
        reader.set_progress_handler(lambda: 0, _STEPS)
        # What is there now stays, and a long answer makes objects by the hundred thousand that are
        # gone with it: to look for cycles among them took a third of the time of a map.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        yield carry_for(node, schema(), limits)


def carry_for(node: Node, made: strawberry.Schema, limits: Limits) -> Carry:
    """Answers to tasks, on the node."""
    documents = Documents(made, limits, PRICES)
    execution = Execution[Context](
        made, documents, limits, cache_control, refusal_of, is_shared, position_of
    )

    feeds = feed_reader(lambda: node, execution)

    def carry(task: Task) -> Told:
        if isinstance(task, str):
            return _checked(documents, task)
        with ExitStack() as stack:
            # Views that are built anew meanwhile may be behind the position of an answer.
            with suppress(DatabaseError, Unavailable):  # else the answer tells why
                stack.enter_context(node.views.snapshot())
            return carried(task)

    def carried(task: Task) -> Told:
        if isinstance(task, TableTask):
            return carried_out(node, task)
        if isinstance(task, BeginTask | PageTask):
            return feeds.carry(task)
        if isinstance(task, GeoJsonTask):
            return made_as_geojson(node.answers, task)
        if isinstance(task, MapTask):
            return made_of_maps(node, task)
        assert not isinstance(task, str), "a document is checked without the views"
        question, author = task
        return execution.answer(question, Context(node, author, TARGETS))

    return carry


def feed_reader(node_of: Callable[[], Node], execution: Execution[Context]) -> FeedReader[Context]:
    """The reader of subscriptions' feeds, on the node."""

    def context_for(author: Principal, position: int | None) -> Context:
        return Context(node_of(), author, TARGETS).pinned(position)

    return FeedReader(execution, context_for, lambda: snapshot_of(node_of()))


def _checked(documents: Documents, text: str) -> Document | Refused:
    try:
        return documents.prepare(text).elsewhere
    except InvalidDocument as invalid:
        return Refused.of(invalid)
