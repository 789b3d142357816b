"""The option by which timestamps are verified."""

from pathlib import Path

import click

tsa_certificates = click.option(
    "--tsa-certificate",
    "authorities",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The root certificate of a timestamp authority: checks the timestamps. Repeatable.",
)
