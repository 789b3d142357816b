"""A real nginx in front of a server, with the configuration of docs/deploy.

Where nginx is not installed, Debian's package is unpacked into .cache, without root; where that
can't be had, its tests are skipped.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
CONFIGURATION = REPOSITORY / "docs" / "deploy" / "nginx.conf"
CACHE = REPOSITORY / ".cache" / "nginx"
STARTING, STOPPING = 10.0, 10.0  # seconds that it may take
AROUND = """\
{user}
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/tenure.conf;
}}
"""


def nginx_program() -> Path:
    """The program; its test is skipped where there is none."""
    installed = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    program = Path(installed) if installed else _unpacked()
    works = subprocess.run([program, "-v"], capture_output=True, text=True, check=False)
    if works.returncode != 0:
        pytest.skip(f"nginx does not run here: {works.stderr.strip()[-200:]}")
    return program


def _unpacked() -> Path:
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        pytest.skip("this needs nginx, and it is not installed")
    CACHE.mkdir(parents=True, exist_ok=True)
    program = CACHE / "usr" / "sbin" / "nginx"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of this run may be unpacking it
        for command in ("apt-get download nginx", "dpkg -x nginx_*.deb ."):
            if program.exists():
                break
            done = subprocess.run(
                ["sh", "-c", command], cwd=CACHE, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                pytest.skip(f"nginx can't be had here: {done.stderr.strip()[-200:]}")
    if not program.exists():
        pytest.skip("Debian's package has no nginx where we look for it")
    return program


@contextmanager
def proxied(program: Path, folder: Path, server: str) -> Iterator[str]:
    """The URL of an nginx in front of the server at that URL, with a cache of its own."""
    port = _free_port()
    configuration = CONFIGURATION.read_text()
    for here, there in (
        ("server 127.0.0.1:8000;", f"server {server.removeprefix('http://')};"),
        ("/var/cache/nginx/tenure", f"{folder}/cache"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert configuration.count(here) == 1, here
        configuration = configuration.replace(here, there)
    (folder / "tenure.conf").write_text(configuration)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(user=user, folder=folder))
    options: list[str | Path] = [
        "-p",
        folder,
        "-e",
        "stderr",
        "-c",
        folder / "nginx.conf",
        "-g",
        "daemon off;",
    ]
    with subprocess.Popen([program, *options], stderr=subprocess.PIPE) as running:
        try:
            _wait_for(port, running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.communicate(timeout=STOPPING)


def _wait_for(port: int, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        assert running.poll() is None, running.communicate()[1].decode()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx has not begun to listen")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
