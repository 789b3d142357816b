"""Can a stranger install exactly what we tested, from what is committed?"""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCKS = ["requirements.lock", "requirements-runtime.lock", "requirements-build.lock"]


def locked(lock: str) -> dict[str, str]:
    """The version of each library in a lock file, and the hashes that it may have."""
    entries = re.split(r"^(?=\w)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    return {name_of(entry): re.sub(r"\s*#.*", "", entry) for entry in entries}


def name_of(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|[ =]/", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_one_version_and_a_hash(lock: str) -> None:
    entries = locked(lock)
    loose = [name for name, entry in entries.items() if "==" not in entry or "sha256:" not in entry]
    assert entries
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_the_image_installs_only_what_the_tests_ran_with(lock: str) -> None:
    assert locked(lock).items() <= locked("requirements.lock").items()


def test_everything_that_pyproject_asks_for_is_locked() -> None:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    asked = [project["dependencies"], *project["optional-dependencies"].values()]
    runtime = {name_of(each) for each in chain.from_iterable(asked)}
    build = {name_of(each) for each in PROJECT["build-system"]["requires"]}
    dev = {name_of(each) for each in groups["dev"] if isinstance(each, str)}
    assert runtime <= locked("requirements-runtime.lock").keys()
    assert build <= locked("requirements-build.lock").keys()
    assert runtime | build | dev <= locked("requirements.lock").keys()


def test_the_dockerfile_copies_what_exists_and_what_is_let_in() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    copied = {name for line in copies for name in line.split()}
    ignored = (ROOT / ".dockerignore").read_text()
    let_in = set(re.findall(r"^!(.+)$", ignored, re.MULTILINE))
    assert copied >= {"pyproject.toml", *PACKAGES}
    assert copied == let_in
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="`make test` installs what builds the wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("tenure-*.whl"))) as wheel:
        carried = {name for name in wheel.namelist() if ".dist-info/" not in name}
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    assert carried == wanted
