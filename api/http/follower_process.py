"""The process that follows the ledger for the serving processes of a node."""

import signal
from collections.abc import Callable
from threading import Event

from api.http.app import PATIENCE
from api.http.follower_board import FollowerBoard
from api.http.following import FollowingHere
from api.http.operations.operations import Operations
from api.node import open_node
from infra.settings import Settings

_BEAT = 0.2
"""Seconds between two pages on the board."""


def follow(settings: Settings, board: FollowerBoard, ready: Callable[[], None]) -> None:
    """Follows until SIGTERM, and tells on the board how far it is."""
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hangup := getattr(signal, "SIGHUP", None):
        signal.signal(hangup, signal.SIG_IGN)  # the keys of requests are not read here
    operations = Operations.of_follower()
    with (
        operations.running(),
        open_node(settings, patience=PATIENCE, mapped=False) as node,
    ):
        node.log.prepare()
        following = FollowingHere.start(node, operations)
        try:
            ready()
            while not stopping.wait(_BEAT):
                following.tell(board)
        finally:
            following.stop()
