"""Makes a bearer token, and adds the key of the token to the file of keys."""

from collections.abc import Sequence

import click

from api.commands.environment import BadSettings, settings_from_environment
from api.commands.print.terminal import say
from api.http.auth.new_tokens import add_token
from infra.ledger.ledger import utc_now

_ORDER = ["read", "record", "audit"]


@click.command("token")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(_ORDER),
    help="What the bearer may do. Repeatable.",
)
@click.option("--expires", metavar="DATE", help="The last day of the token, in UTC, or an instant.")
def command(name: str, scopes: Sequence[str], expires: str | None) -> None:
    """Make a bearer token for NAME, and add the key of the token to the file in TENURE_KEYS.

    Prints the token. The token is kept nowhere: the file has the SHA-256 alone. The bearer records
    as NAME (`recorded_by`). A running server takes up the new key within a second.

    \b
    Scopes:
      read    ask questions, where TENURE_READ lets bearers of tokens alone read
      record  record, and read
      audit   replay, see who recorded an entry, read the entries of the log, and read

    \b
    Examples:
      TENURE_KEYS=keys.json tenure token ana --scope record
      TENURE_KEYS=keys.json tenure token auditor --scope audit --expires 2031-12-31

    Exit codes: 0 made; 1 refused, stderr says why; 2 misuse.
    """
    path = settings_from_environment().keys
    if path is None:
        raise BadSettings("TENURE_KEYS names no file of keys; set it, to a new file or to yours")
    key = {"subject": name, "scopes": sorted(set(scopes))}
    token = add_token(path, key | ({"expires": expires} if expires else {}), utc_now())
    until = f", until {expires}" if expires else ""
    say(f"{name} may {' and '.join(sorted(set(scopes)))}{until}; added to {path}", err=True)
    say(token)
