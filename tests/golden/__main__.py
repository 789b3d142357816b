"""Writes the stored examples anew: `python -m tests.golden`, or `python -m tests.golden help`.

For a change of the product's outside that is meant. `git diff tests/golden` then shows it.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.stored import GOLDEN, MAKERS

for name in sys.argv[1:] or MAKERS:
    with TemporaryDirectory() as folder:
        for path, content in MAKERS[name](Path(folder)).items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(content)
