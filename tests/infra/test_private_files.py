"""Answers: is a secret read only where nobody else can read or replace its file?"""

import os
from pathlib import Path

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
