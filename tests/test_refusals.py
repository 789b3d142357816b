"""Every refusal of the product is a Refusal; other exceptions are signals within one module."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import api
import domain
import infra
import projections
from domain import refusals
from domain.refusals import DomainError, NotUnderstood, Refusal, Unavailable

SIGNALS = {
    "api.cli.CommandRefused",  # click prints it
    "api.cli.WrongSettings",  # click prints it
    "api.graphql.compiled.coverage.NotCovered",  # graphql-core executes the question
    "api.graphql.compiled.coverage.NeverCovered",  # graphql-core executes the operation
    "api.graphql.documents.InvalidDocument",  # holds the errors of a GraphQL document
    "api.graphql.feeds.BadCursor",  # becomes a Malformed
    "api.graphql.feeds.FeedOutage",  # is waited out
    "api.graphql.feeds.NotYetFollowed",  # is waited out
    "api.graphql.feeds.TakesLong",  # sends the page to a helper
    "api.graphql.helper_process.HelperEnded",  # becomes a TooMuch
    "api.graphql.helper_process.HelperFailed",  # becomes an internal error
    "api.graphql.limits.TooMuch",  # an error of the GraphQL library
    "api.graphql.messages.Malformed",  # holds the status of an HTTP answer
    "api.graphql.messages.Busy",  # holds the status of an HTTP answer
    "api.http.positions.NoPosition",  # holds the status of an HTTP answer
    "api.http.positions.NotReached",  # holds the status of an HTTP answer
    "api.http.positions.TokenComesLater",  # holds the status of an HTTP answer
    "api.graphql.socket_messages.Closing",  # closes a WebSocket with its code
    "api.graphql.socket_messages.Gone",  # ends a WebSocket
    "api.graphql.page_making.SubscriptionRefused",  # holds the errors of a subscription
    "api.http.follower._Stopped",  # ends the thread
    "api.http.auth.jwt_tokens.TokenNotAccepted",  # becomes a 401
    "infra.datasets.rows.Unfit",  # becomes a refused row
    "infra.intake.table_text.UnknownEncoding",  # becomes a problem of the file
    "infra.intake.workbook_process._NoSheet",  # becomes a problem of the file
    "infra.intake.claims_csv.UnclearPlace",  # becomes a problem of the table
    "infra.intake.claims_csv._NoClaim",  # its reasons are in the list of problems
    "infra.intake.controllers.DoubtfulController",  # becomes a question about the table
    "infra.intake.controllers.NoId",  # becomes a problem of the table
    "infra.intake.json_records._LineRefused",  # becomes a problem of the file
    "infra.intake.situation_file._RecordRefused",  # its reasons are in the list of problems
    "infra.ledger.codec._UnknownShape",  # becomes a NewerEntry
}


def exceptions() -> Iterator[type[Exception]]:
    for package in (domain, infra, projections, api):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            for each in vars(import_module(found.name)).values():
                if isinstance(each, type) and issubclass(each, Exception):
                    if each.__module__ == found.name:
                        yield each


def test_every_exception_is_a_refusal_or_a_signal() -> None:
    others = {each for each in exceptions() if not issubclass(each, Refusal)}
    assert {f"{each.__module__}.{each.__name__}" for each in others} == SIGNALS


def test_the_tree_is_drawn() -> None:
    drawn = refusals.__doc__ or ""
    for each in exceptions():
        if each.__module__ == refusals.__name__:
            assert f"- {each.__name__} " in drawn or each is Refusal


def test_clients_read_what_is_wrong_with_their_request_or_out_of_use() -> None:
    public = {each for each in exceptions() if getattr(each, "is_public", False)}
    asked = {each for each in public if issubclass(each, DomainError | NotUnderstood | Unavailable)}
    assert {each.__name__ for each in public - asked} == {
        "QuestionStopped",
        "RecordedAhead",
        "StatementRefused",
    }


def test_a_code_is_the_name_of_the_class() -> None:
    assert NotUnderstood("no").code == "NotUnderstood"
