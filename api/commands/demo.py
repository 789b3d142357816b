"""The command that records and serves an example."""

import json
import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import click

import infra
from api.commands.demo_key import with_demo_key
from api.commands.environment import (
    BadSettings,
    ledger_of,
    node_caught_up,
    settings_from_environment,
)
from api.commands.print.terminal import say
from api.commands.record import record
from api.commands.serve import serve
from api.commands.start_checks import CheckedStart
from infra.intake.recorded_zones import Zones
from infra.intake.situation_file import SituationFile, read_situation
from infra.ledger.ledger import Ledger
from infra.ledger.legibility import PassedOver
from infra.log.key_files import Keys

SCENARIO = Path(infra.__file__).parent / "scenarios" / "mali.yaml"
AFTERWARDS = SCENARIO.with_name("mali-after.yaml")
"""The later fate of the actors; builds on the scenario."""
HOST = "127.0.0.1"


class NotForTheDemo(BadSettings):
    """A ledger with other records than the demo's, or a ledger in memory."""


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--serve/--no-serve", "serves", default=True, help="Whether to serve it then.")
def command(port: int, serves: bool) -> None:
    """Record the Mali scenario into an empty ledger, and serve it.

    It tells what led to the situation report of 20 March 2024, and what became of the actors since.
    The ledger is the one that TENURE_LEDGER names. It has to be empty, or to hold the scenario
    and nothing else: the demo does not mix with real records.

    Without TENURE_SIGNING_KEY a demo that is served signs its log with a key of its own, in a
    folder beside the ledger, and prints the verifier key.

    Exit codes: 0 done, or stopped; 1 refused, stderr says why; 2 misuse.
    """
    settings = settings_from_environment()
    if settings.ledger == "memory:":
        raise NotForTheDemo("a ledger in memory ends with each command; unset TENURE_LEDGER")
    zones = Zones()
    situations = [read_situation(path, zones) for path in (SCENARIO, AFTERWARDS)]
    with ledger_of(settings) as ledger:
        is_new = ledger.head == 0
        _refuse_other_records(ledger, situations)
        for situation in situations:
            record(ledger, situation, by=settings.author)
    if serves:
        settings = with_demo_key(settings, is_new=is_new)
    with node_caught_up(begins=True, settings=settings) as node:
        say(*questions_to_try(port if serves else None).split("\n"))
        if serves:
            node.log.catch_up()
            say(*verifier_key_to_keep(node.log.keys).split("\n"))
    if serves:
        serve(CheckedStart(settings, None), HOST, port)


def _refuse_other_records(ledger: Ledger, situations: Iterable[SituationFile]) -> None:
    told = {statement.id for situation in situations for statement in situation.statements}
    for recorded in ledger.entries(0):
        if isinstance(recorded, PassedOver) or recorded.statement.id not in told:
            raise NotForTheDemo(
                f"the ledger holds other records (the first at position {recorded.position}), and "
                "the demo does not mix with them; name another ledger in TENURE_LEDGER, and other "
                "views in TENURE_VIEWS"
            )


def questions_to_try(port: int | None) -> str:
    """Questions to try on the command line; with a port, to the server there too."""
    called = sys.argv[0]
    is_out_of_path = Path(called).name == "tenure" and not shutil.which("tenure")
    tenure = shlex.quote(called) if is_out_of_path else "tenure"
    return f"""
{"Three" if port is None else "Four"} questions to try:

  {tenure} who kidal --on 2023-11-14
  {tenure} who bourem --on 2023-09-12
  {tenure} situation --on 2024-03-20
{"" if port is None else _of_the_server(port)}"""


def verifier_key_to_keep(keys: Keys) -> str:
    """The key with which a person checks what the node signed."""
    assert keys.signer, "a demo that is served signs its log"
    return f"""\
The verifier key of the log; keep this: the console asks for it, and so does 'tenure verify-log':

  {keys.signer.verifier}
"""


def _of_the_server(port: int) -> str:
    query = (
        '{ control(location: "kidal", at: "2023-11-14") { status holders { name } explanation } }'
    )
    body = json.dumps({"query": query})
    return f"""\
  curl -s http://{HOST}:{port}/graphql -H 'Content-Type: application/json' \\
    -d {shlex.quote(body)}
"""
