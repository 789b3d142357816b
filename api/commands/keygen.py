"""Makes the key that signs a log."""

from pathlib import Path

import click

from api.commands.print.terminal import say
from infra.log.key_files import write_signer_key
from infra.log.signed_notes import KeyType, SignerKey


@click.command("keygen")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="The name of the log, best an address of yours: example.com/tenure.")
@click.option("--witness", is_flag=True, help="Make a key of a witness, which cosigns.")
def command(file: Path, name: str | None, witness: bool) -> None:
    """Make a key for signing the log, in a new FILE that its owner alone can read.

    Prints the verifier key, with which anybody can check the signatures. Publish the verifier key;
    keep FILE secret, and out of any git checkout. An unnamed key is named after its id.
    TENURE_SIGNING_KEY names the file to sign with.

    \b
    Examples:
      tenure keygen ~/tenure.key --name example.com/tenure
      tenure keygen ~/witness.key --name witness.example.org --witness

    Exit codes: 0 made; 1 refused, stderr says why; 2 misuse.
    """
    key = SignerKey.generate(name, KeyType.COSIGNATURE if witness else KeyType.NOTE)
    write_signer_key(file, key)
    say(str(key.verifier))
