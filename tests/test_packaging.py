"""Can a stranger install exactly what we tested, from what is committed?"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.console.build import BUILT, NODE, PROJECTS
from tests.console.browser import served
from tests.console.built_files import BROWSER, got

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
MADE_FROM = "/.made-from"
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


def built(target: str, folder: Path, of: Path = ROOT) -> Path:
    """The wheel or the source archive of that tree."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(build, cwd=of, check=True, capture_output=True)
    (made,) = folder.glob("tenure-*")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the source archive holds."""
    folder = tmp_path_factory.mktemp("sources")
    with tarfile.open(built("sdist", folder)) as archive:
        archive.extractall(folder, filter="data")
    return next(each for each in folder.iterdir() if each.is_dir())


def test_the_wheel_carries_every_file_of_the_packages_and_the_built_page(wheel: Path) -> None:
    with ZipFile(wheel) as carried_files:
        carried = {name for name in carried_files.namelist() if ".dist-info/" not in name}
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    only_here = ("api/console/app/", "api/console/graphiql/", "api/console/build.py")
    wanted = {name for name in wanted if not name.startswith(only_here) and MADE_FROM not in name}
    assert carried == wanted
    for page in ("app", "graphiql"):
        folder = f"api/console/built/{page}"
        assert {f"{folder}/index.html", f"{folder}/licenses.md"} <= carried


def test_who_installs_the_wheel_is_served_the_page(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, with the libraries of this one."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*pip, "--no-index", str(wheel)], check=True, capture_output=True)
    purelib = sysconfig.get_path("purelib")
    (own,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (own / "libraries.pth").write_text(f"{purelib}\n")
    tenure = [str(tmp_path / "venv" / "bin" / "tenure")]
    with served(tmp_path, "serve", program=tenure, PYTHONPATH="") as address:
        page, told = got(address, "GET", "/", {})
        assert told.status == 200
        (script,) = re.findall(rb'src="(/console/[^"]*\.js)"', page)
        body, told = got(address, "GET", script.decode(), {})
        assert told.status == 200
        assert (
            body
            == (own / "api" / "console" / "built" / "app" / Path(script.decode()).name).read_bytes()
        )
        assert got(address, "GET", "/graphql", BROWSER)[1].status == 200


def test_the_source_archive_builds_the_same_wheel_without_npm(
    wheel: Path, sources: Path, tmp_path: Path
) -> None:
    again = built("wheel", tmp_path, of=sources)
    assert again.read_bytes() == wheel.read_bytes()
    assert not list(sources.rglob("node_modules"))


def test_a_build_environment_is_given_node_where_the_page_has_to_be_built(sources: Path) -> None:
    def wanted() -> list[str]:
        script = "from hatchling.build import *; print(*get_requires_for_build_wheel())"
        run = [sys.executable, "-c", script]
        done = subprocess.run(run, cwd=sources, check=True, capture_output=True, text=True)
        return done.stdout.split()

    assert wanted() == []
    page = sources / "api" / "console" / "app" / "index.html"
    text = page.read_text()
    page.write_text(f"{text}<!-- changed -->")
    assert wanted() == [NODE]
    page.write_text(text)
    assert NODE in PROJECT["dependency-groups"]["build"]


def test_the_same_sources_in_another_folder_are_built_to_the_same_bytes(
    sources: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(sources, tmp_path / "elsewhere")
    shutil.rmtree(copy / "api" / "console" / "built")
    for project in PROJECTS:  # the libraries that were installed for the first build
        own = copy / project.folder.relative_to(ROOT) / "node_modules"
        shutil.copytree(project.folder / "node_modules", own, symlinks=True, copy_function=os.link)
    run = [sys.executable, "-m", "api.console.build"]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    subprocess.run(run, cwd=copy, env=environment, check=True, capture_output=True)
    assert tree(copy / "api" / "console" / "built") == tree(BUILT)


def tree(folder: Path) -> dict[str, bytes]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}
