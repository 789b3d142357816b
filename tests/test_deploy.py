"""Are the files in docs/deploy fit for what they are said to do, as far as a test can see?"""

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.settings import Settings
from tests.pages import PAGES, ROOT

DEPLOY = ROOT / "docs" / "deploy"
FILES = sorted(DEPLOY.iterdir())
CLOSING = timedelta(seconds=2)


def document(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path: Path) -> None:
    named = set(re.findall(r"TENURE_([A-Z_]+)", path.read_text()))
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_told_of(path: Path) -> None:
    assert f"](deploy/{path.name})" in PAGES["docs/operations.md"]


def checked(given: dict[str, str]) -> Settings:
    """The settings, if each value can be one."""
    return Settings.of({name: re.sub(r"\$\{.*?\}", "x", each) for name, each in given.items()})


def time_to_end(settings: Settings) -> timedelta:
    return settings.draining + settings.stopping + CLOSING


def seconds(written: str) -> timedelta:
    return timedelta(seconds=int(written.removesuffix("s")))


def test_the_nodes_of_compose_can_start_and_end() -> None:
    compose = document("compose.yaml")
    nodes = {name: each for name, each in compose["services"].items() if name.startswith("node")}
    assert len(nodes) == 2
    for node in nodes.values():
        settings = checked(node["environment"])
        assert seconds(node["stop_grace_period"]) > time_to_end(settings)
        assert (ROOT / "docs" / "deploy" / node["build"] / "Dockerfile").exists()
        mounted = dict(each.split(":")[:2] for each in node["volumes"])
        assert settings.views.parent.as_posix() in mounted.values()
        assert settings.keys
        assert settings.keys.parent.as_posix() in mounted.values()
    volumes = [each["volumes"][0] for each in nodes.values()]
    assert len(set(volumes)) == 2, "each node has views of its own"
    for service in compose["services"].values():
        for each in service["volumes"]:
            source = each.split(":")[0]
            is_here = source.startswith("./") and not source.startswith("./secrets")
            assert (DEPLOY / source).exists() if is_here else True, source
            assert is_here or source.startswith("./") or source in compose["volumes"]


def test_prometheus_and_the_proxy_know_the_nodes_of_compose() -> None:
    names = {f"{name}:8000" for name in document("compose.yaml")["services"] if "node" in name}
    (job,) = document("prometheus.yml")["scrape_configs"]
    assert set(job["static_configs"][0]["targets"]) == names
    proxy = (DEPLOY / "two-nodes.conf").read_text()
    assert set(re.findall(r"server (\S+:8000)", proxy)) == names
    assert document("prometheus.yml")["rule_files"] == ["alerts.yml"]


def test_alerts_ask_for_metrics_that_exist() -> None:
    rows = set(re.findall(r"^\| `(tenure_\w+)`", PAGES["docs/operations.md"], re.MULTILINE))
    (group,) = document("alerts.yml")["groups"]
    for rule in group["rules"]:
        asked = set(re.findall(r"tenure_\w+", rule["expr"] + rule["annotations"]["summary"]))
        assert asked, rule
        assert asked <= rows, rule


def test_the_pods_of_kubernetes_can_start_and_end() -> None:
    pod = document("kubernetes.yaml")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    given = {each["name"]: each.get("value", "memory:") for each in container["env"]}
    settings = checked(given)
    grace = timedelta(seconds=pod["terminationGracePeriodSeconds"])
    assert grace > time_to_end(settings)
    mounts = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    assert settings.keys
    assert mounts[settings.keys.parent.as_posix()] == "keys"
    assert {each["name"] for each in pod["volumes"]} == set(mounts.values())
    (keys,) = (each["secret"] for each in pod["volumes"] if "secret" in each)
    assert keys["defaultMode"] == 0o440
    paths = {name: container[name]["httpGet"]["path"] for name in container if "Probe" in name}
    assert paths == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "tenure.service").read_text().splitlines():
        name, is_set, value = line.partition("=")
        if is_set and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_of_systemd_ends_a_node_as_it_wants_to_be_ended() -> None:
    told = unit()
    settings = checked(dict(each.split("=", 1) for each in told["Environment"]))
    assert seconds(told["TimeoutStopSec"][0]) > time_to_end(settings)
    assert (told["KillMode"], told["KillSignal"]) == (["mixed"], ["SIGTERM"])
    assert told["RestartPreventExitStatus"] == ["2"]
    assert settings.views.parent.as_posix() == f"/var/lib/{told['StateDirectory'][0]}"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this system has no systemd")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    there = (DEPLOY / "tenure.service").read_text().replace("/opt/tenure/bin/tenure", "/bin/sh")
    path = tmp_path / "tenure.service"
    path.write_text(there)
    command = ["systemd-analyze", "verify", "--man=no", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_default_end_fits_into_the_ten_seconds_that_docker_waits() -> None:
    assert time_to_end(Settings()) < timedelta(seconds=10)
