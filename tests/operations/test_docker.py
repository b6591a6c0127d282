"""The Dockerfile and the compose file, as far as they can be tried without Docker.

What a build copies is copied into an empty folder, and its commands run there; every path, port,
name and variable of the compose file is looked up.
"""

import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
import yaml

from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from tests.operations.scrapyd import bare_environment
from tests.postgres import execute, forgetful_server

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
SETTINGS = {setting_name(name) for name in Config.__dataclass_fields__}
VARIABLE = re.compile(r"\$\{(\w+):-(\w*)\}")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(COMPOSE)["services"]


def instructions(name):
    """What follows a Dockerfile's instruction, each time that it stands."""
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, flags=re.MULTILINE)


def copied():
    """Each source that is copied into the image, with its place there."""
    for line in instructions("COPY"):
        *sources, place = line.split()
        for source in sources:
            yield source, Path(place) if (ROOT / source).is_dir() else Path(place) / source


@pytest.fixture
def image(tmp_path):
    """The folder that the build makes, and the environment of its commands."""
    folder = tmp_path / "image"
    folder.mkdir()
    for source, place in copied():
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, folder / place, ignore=ignored)
        else:
            shutil.copy(ROOT / source, folder / place)
    path = f"{sys.prefix}/bin:{bare_environment()['PATH']}"
    settings = {"P2P_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": "none"}
    return folder, bare_environment() | {"PATH": path} | settings


def test_the_ignored_are_all_but_what_is_copied():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule[0] == "!"} == {source for source, _ in copied()}
    assert all((ROOT / source).exists() for source, _ in copied())


def test_what_the_image_runs_takes_a_batch_is_healthy_and_ends_on_sigterm(image):
    folder, environment = image
    (entry,), (command,) = instructions("ENTRYPOINT"), instructions("CMD")
    started = [*yaml.safe_load(entry), *yaml.safe_load(command)]
    with running_exchange(ExchangeOptions(markets=4, ads=100)) as exchange:
        settings = {"P2P_BASE_URL": exchange.url, "P2P_REQUESTS_PER_MINUTE": "100000"}
        collector = subprocess.Popen(
            started, cwd=folder, env=environment | settings, stderr=subprocess.PIPE, text=True
        )
        patience = Timer(60, collector.kill)
        patience.start()
        assert any("The batch completed" in line for line in collector.stderr)
        collector.send_signal(signal.SIGTERM)
        _, rest = collector.communicate()
        patience.cancel()
    assert collector.returncode == 0, rest
    (check,) = re.findall(r"^HEALTHCHECK .*?CMD (.+)$", DOCKERFILE, flags=re.MULTILINE)
    health = ["/bin/sh", "-c", check]
    told = subprocess.run(health, cwd=folder, env=environment, capture_output=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(("code", "is_healthy"), [(0, True), (3, True), (1, False), (2, False)])
def test_a_partial_batch_is_healthy(tmp_path, code, is_healthy):
    program = tmp_path / "scrapy"
    program.write_text(f"#!/bin/sh\ntest $1 = health && exit {code}\n")
    program.chmod(0o755)
    (check,) = re.findall(r"^HEALTHCHECK .*?CMD (.+)$", DOCKERFILE, flags=re.MULTILINE)
    path = f"{tmp_path}:{bare_environment()['PATH']}"
    told = subprocess.run(["/bin/sh", "-c", check], env={"PATH": path}, check=False)
    assert (told.returncode == 0) is is_healthy


def test_the_image_has_a_user_of_its_own_and_no_secret():
    user = instructions("USER")
    assert user == ["p2p"]
    assert DOCKERFILE.index("\nUSER p2p") < DOCKERFILE.index("\nENTRYPOINT")
    set_there = {part.split("=")[0] for line in instructions("ENV") for part in shlex.split(line)}
    assert set_there & SETTINGS == {"P2P_DATA_DIR"}
    assert instructions("ARG") == []


def test_every_image_is_pinned(services):
    images = [*instructions("FROM"), *(service["image"] for service in services.values())]
    assert len(images) == 6
    assert all(re.search(r":v?\d+\.\d+(\.\d+)?[\w.-]*$", image) for image in images)


def test_every_mount_is_there(services):
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    mounts = [mount for service in services.values() for mount in service["volumes"]]
    sources = {mount.split(":")[0] for mount in mounts}
    named = {source for source in sources if not source.startswith("./")}
    assert named == set(volumes)
    assert [source for source in sources - named if not (ROOT / source).exists()] == []
    assert all(mount.endswith(":ro") for mount in mounts if mount.startswith("./"))


def test_every_port_is_for_this_machine_alone(services):
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "ports" not in services["postgres"]


def test_every_variable_of_the_collector_is_a_setting_and_one_it_takes(services):
    environment = services["collector"]["environment"]
    assert set(environment) <= SETTINGS
    address = VARIABLE.sub(lambda found: found[2], environment["DATABASE_URL"])
    assert address == "postgresql://p2p:p2p@postgres:5432/p2p"


def test_every_variable_is_in_the_example_and_has_a_default():
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = {line.removesuffix("=") for line in lines if line.endswith("=")}
    assert {name for name, _ in VARIABLE.findall(COMPOSE)} == named
    assert COMPOSE.count("${") == len(VARIABLE.findall(COMPOSE))


def test_grafana_gets_every_variable_that_its_provisioning_reads(services):
    files = (ROOT / "deploy/grafana/provisioning").rglob("*.y*ml")
    read = {
        name for file in files for name in re.findall(r"\bGRAFANA_\w+", file.read_text("utf-8"))
    }
    assert read
    assert read <= set(services["grafana"]["environment"])


def test_the_hosts_of_each_configuration_are_services(services):
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))
    jobs = {job["job_name"]: job["static_configs"] for job in scraped["scrape_configs"]}
    (collector,) = jobs["p2p_collect"][0]["targets"]
    host, port = collector.split(":")
    assert services[host]["environment"]["P2P_METRICS_PORT"] == f"0.0.0.0:{port}"
    (alerting,) = scraped["alerting"]["alertmanagers"]
    (manager,) = alerting["static_configs"][0]["targets"]
    assert manager.split(":")[0] in services
    assert services["grafana"]["environment"]["GRAFANA_PROMETHEUS_URL"] == "http://prometheus:9090"


def test_the_role_of_grafana_may_log_in_and_read():
    if shutil.which("psql") is None:
        pytest.skip("no psql on this machine: the script is not run")
    script = ROOT / "deploy/docker/grafana-role.sql"
    with forgetful_server() as server:
        environment = bare_environment() | {"GRAFANA_WAREHOUSE_PASSWORD": "pass'word"}
        strict = ["psql", "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", server.dsn]
        done = subprocess.run(
            [*strict, "--file", script],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        ask = "SELECT rolcanlogin, pg_has_role('grafana', 'p2p_reader', 'usage') FROM pg_roles"
        assert execute(server.dsn, f"{ask} WHERE rolname = 'grafana'") == [(True, True)]
