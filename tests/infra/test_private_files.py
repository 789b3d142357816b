"""Answers: is a secret read only where nobody else can read or replace its file?"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from infra.log.key_files import read_signer_key, write_signer_key
from infra.log.signed_notes import BadKey
from infra.private_files import NotPrivate, read_private
from tests.keys import write_private
from tests.logs import SIGNER


def test_a_private_file_is_read(tmp_path: Path) -> None:
    assert read_private(write_private(tmp_path / "keys", "secret"), longest=6) == b"secret"


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o640, 0o620, 0o666, 0o601])
def test_a_file_that_others_can_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    path = write_private(tmp_path / "keys", "secret")
    path.chmod(mode)
    with pytest.raises(NotPrivate, match=f"chmod 600 {path}"):
        read_private(path, longest=100)


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_in_which_others_can_replace_the_file_is_refused(
    tmp_path: Path, mode: int
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    path = write_private(folder / "keys", "secret")
    folder.chmod(mode)
    with pytest.raises(NotPrivate, match=f"chmod go-w {folder}"):
        read_private(path, longest=100)
    folder.chmod(0o1777)  # as /tmp: nobody removes the files of others
    assert read_private(path, longest=100) == b"secret"


def test_a_link_is_as_private_as_both_of_its_folders(tmp_path: Path) -> None:
    path = write_private(tmp_path / "keys", "secret")
    folder = tmp_path / "open"
    folder.mkdir()
    (folder / "link").symlink_to(path)
    folder.chmod(0o777)
    with pytest.raises(NotPrivate, match=f"chmod go-w {folder}"):
        read_private(folder / "link", longest=100)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_or_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    path = write_private(tmp_path / "keys", "secret")
    os.chown(path, 12345, -1)
    with pytest.raises(NotPrivate, match="belongs to another user"):
        read_private(path, longest=100)
    os.chown(path, 0, -1)
    os.chown(tmp_path, 12345, -1)
    with pytest.raises(NotPrivate, match="belongs to another user"):
        read_private(path, longest=100)


def test_what_is_no_file_of_keys_is_neither_read_nor_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(NotPrivate, match="no regular file"):
            read_private(path, longest=100)
    with pytest.raises(NotPrivate, match="longer than 5 bytes"):
        read_private(write_private(tmp_path / "keys", "secret"), longest=5)


def test_the_key_of_the_log_may_be_read_by_its_group_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    write_signer_key(path, SIGNER)
    assert read_signer_key(path).verifier == SIGNER.verifier
    path.chmod(0o640)  # a secret that is mounted into a container is owned so
    assert read_signer_key(path).verifier == SIGNER.verifier
    for mode in (0o620, 0o602, 0o604):
        path.chmod(mode)
        with pytest.raises(BadKey, match="chmod 600"):
            read_signer_key(path)


READ_AS = """
import os, sys
from pathlib import Path
from infra.private_files import NotPrivate, read_private

os.setgroups([])
os.setgid(12345)
os.setuid(12346)
try:
    print(read_private(Path(sys.argv[1]), longest=100).decode())
except NotPrivate as refused:
    print(refused)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize(
    ("mode", "group", "told"),
    [
        (0o440, 12345, "secret"),
        (0o640, 12345, "secret"),
        (0o444, 12345, "others on this machine can read"),
        (0o460, 12345, "others on this machine can read"),
        (0o444, 0, "others on this machine can read"),
    ],
)
def test_root_may_let_the_group_of_a_process_read_a_secret(
    mode: int, group: int, told: str
) -> None:
    """As secrets are mounted into containers."""
    with TemporaryDirectory() as folder:  # others may enter no folder of pytest's
        path = write_private(Path(folder) / "keys", "secret")
        Path(folder).chmod(0o755)
        os.chown(path, 0, group)
        path.chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", READ_AS, str(path)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        )
    assert told in done.stdout
