"""A ledger, or views, on a network file system are refused, with what to use instead."""

from pathlib import Path

import pytest

from infra.ledger.sqlite import mounts
from infra.ledger.sqlite.file import NotALedger
from infra.ledger.sqlite.mounts import mount_of, network_of
from infra.ledger.sqlite.recorder import SqliteRecorder
from infra.views.file import NotAViewFile, ViewFile

LINE = "31 1 0:27 / {point} {options} shared:1 - {kind} server:/x {options}\n"
ROOT = LINE.format(point="/", kind="ext4", options="rw")


def mounted(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, options: str = "rw") -> Path:
    """A folder that the system says to be of that kind."""
    share = folder / "the share"
    share.mkdir()
    point = str(share).replace(" ", "\\040")
    table = folder / "mountinfo"
    table.write_text(ROOT + LINE.format(point=point, kind=kind, options=options))
    monkeypatch.setattr(mounts, "TABLE", table)
    return share


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "gfs2"])
def test_neither_a_ledger_nor_views_are_kept_on_a_share(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = mounted(tmp_path, monkeypatch, kind)
    with pytest.raises(NotALedger, match=rf"\({kind}\).*PostgreSQL.*views on a local disk"):
        SqliteRecorder(share / "ledger.db")
    with pytest.raises(NotAViewFile, match="keep views on a local disk"):
        ViewFile(share / "views.db")
    assert list(share.iterdir()) == []
    SqliteRecorder(tmp_path / "ledger.db").close()


def test_a_share_that_nobody_here_can_write_may_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert network_of(mounted(tmp_path, monkeypatch, "nfs4", "ro")) is None


def test_the_last_of_two_mounts_at_one_point_lies_on_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = mounted(tmp_path, monkeypatch, "nfs4")
    with mounts.TABLE.open("a") as table:
        point = str(share).replace(" ", "\\040")
        table.write(LINE.format(point=point, kind="xfs", options="rw"))
    assert network_of(share) is None


def test_a_name_that_begins_alike_is_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted(tmp_path, monkeypatch, "nfs4")
    assert network_of(tmp_path / "the share's neighbour") is None


def test_a_link_to_a_share_leads_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = mounted(tmp_path, monkeypatch, "nfs4")
    (tmp_path / "link").symlink_to(share)
    assert network_of(tmp_path / "link" / "ledger.db") == "nfs4"


def test_the_real_table_knows_the_real_folders(tmp_path: Path) -> None:
    found = mount_of(tmp_path)
    assert found is None or (found.point.startswith("/") and found.kind)


@pytest.mark.parametrize("table", [None, "", "nonsense\n\n - \n1 2 3 - a b c\n"])
def test_a_system_without_a_table_refuses_nothing(
    table: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "TABLE", tmp_path / "mountinfo")
    if table is not None:
        (tmp_path / "mountinfo").write_text(table)
    assert network_of(tmp_path) is None
