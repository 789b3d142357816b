"""The command that runs a witness of other people's logs."""

from contextlib import closing
from pathlib import Path

import click
import uvicorn

from api.commands.listening import listen
from api.commands.print.terminal import say
from api.http.connections import ConnectionLimits, bounded_connections
from api.http.logs import log_to_stderr
from api.http.witness_app import create_witness_app
from infra.ledger.ledger import utc_now
from infra.log.key_files import read_signer_key
from infra.log.signed_notes import BadKey, KeyType, SignerKey
from infra.log.witness import Cosigner
from infra.log.witness_files import read_watched_logs
from infra.log.witness_memory import WitnessMemory

_LIMITS = ConnectionLimits(body_seconds=10, connections=200)
_PATH = click.Path(path_type=Path, dir_okay=False)


@click.command("witness")
@click.argument("file", type=_PATH)
@click.option("--key", "key_file", type=_PATH, required=True, help="The witness's key.")
@click.option(
    "--logs",
    "logs_file",
    type=_PATH,
    required=True,
    help="The verifier keys of the logs to watch, a key on each line.",
)
@click.option("--begin", is_flag=True, help="Make FILE, for a key that has never cosigned.")
@click.option("--forks", is_flag=True, help="Print the proofs of forks in FILE, and end.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True)
def command(
    file: Path, key_file: Path, logs_file: Path, begin: bool, forks: bool, host: str, port: int
) -> None:
    """Run a witness: cosign what continues what it saw, and nothing else.

    FILE is the witness's memory: for each log the checkpoint cosigned last, on disk before the
    cosignature leaves. Never put an older copy of FILE back: the witness would cosign a second
    history. The logs send their checkpoints themselves, by the protocol C2SP tlog-witness
    (POST /add-checkpoint); /<SHA-256 of the log's name>/checkpoint shows the last one, and /healthz
    whether the witness answers.

    Where a log signs two histories of one size, both checkpoints are kept: --forks prints them, and
    they prove the fork to everybody.

    \b
    Three people witness a log, each on a machine of their own:
      tenure keygen ~/witness.key --name witness.example.org --witness
      (gives the printed key, and the address of the witness, to whoever runs the log,
      and puts the key of the log into logs.txt)
      tenure witness ~/witness.db --key ~/witness.key --logs logs.txt --begin
      tenure witness ~/witness.db --key ~/witness.key --logs logs.txt     every time after
    Whoever runs the log writes three lines into the file of TENURE_WITNESSES, each a key and
    an address: witness.example.org+1a2b3c4d+BA... https://witness.example.org
    Readers ask for two of three: tenure verify-log URL --key KEY --witnesses FILE --quorum 2

    Exit codes: 0 stopped; 1 refused, stderr says why; 2 misuse.
    """
    key, logs = _witness_key(key_file), read_watched_logs(logs_file)
    with closing(WitnessMemory(file, key.verifier, begins=begin)) as memory:
        if forks:
            say(*(line for pair in memory.forks for note in pair for line in note.split("\n")))
            return
        listening = listen(host, port)
        shown = f"[{host}]" if ":" in host else host
        say(
            f"witness {key.verifier} of {', '.join(logs)} on "
            f"http://{shown}:{listening.getsockname()[1]}; Ctrl-C stops",
            err=True,
        )
        cosigner = Cosigner(key, logs, memory, lambda: int(utc_now().timestamp()))
        log_to_stderr()
        config = uvicorn.Config(
            create_witness_app(cosigner),
            http=bounded_connections(_LIMITS),
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            say("stopped", err=True)


def _witness_key(path: Path) -> SignerKey:
    """Raises BadKey."""
    key = read_signer_key(path)
    if key.type is not KeyType.COSIGNATURE:
        raise BadKey(f"the key in {path} is a log's; 'tenure keygen --witness' makes a witness's")
    return key
