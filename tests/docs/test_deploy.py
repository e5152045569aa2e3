"""The files for several machines: what they run is run, without systemd and without containers."""

from __future__ import annotations

import base64
import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from serving import Serving, Working, study

from persona_api.settings import VARIABLES, resolve

FOLDER = Path(__file__).parents[2] / "docs" / "how-to" / "deploy"
PERSONA = str(Path(sys.executable).with_name("persona"))
PROVIDERS = {"OPENAI_API_KEY", "PGPASSWORD"}


def unit(name):
    """A unit's service section; names may stand twice."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(FOLDER / name)
    return parser["Service"]


def variables():
    """What the file of settings says."""
    lines = (FOLDER / "persona.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose():
    """The services of the compose file."""
    return yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))["services"]


def started(kind, folder, arguments, settings):
    """A process as a file has it, but for its port."""
    process = kind(folder, **settings)
    process.command = [PERSONA, *("0" if each == "8000" else each for each in arguments)]
    return process


def test_settings_exist_and_are_understood(tmp_path):
    """Every variable is one of the server's, and every value is taken."""
    given = variables()
    assert set(given) <= set(VARIABLES)
    resolve(given, {})
    for service in ("server", "worker"):
        assert set(compose()[service]["environment"]) <= set(VARIABLES) | PROVIDERS


def run_of(form):
    """The arguments that a form of deployment starts servers and workers with."""
    if form == "systemd":
        found = [
            shlex.split(unit(name)["ExecStart"])
            for name in ("persona-server.service", "persona-worker@.service")
        ]
        assert {each[0] for each in found} == {"/opt/persona/bin/persona"}
        return [each[1:] for each in found]
    return [compose()[name]["command"] for name in ("server", "worker")]


@pytest.mark.parametrize("form", ["systemd", "containers"])
def test_two_servers_and_two_workers_do_a_job(form, postgres_url, tmp_path, installed):
    """With the commands of the files; others reach the servers, so that there has to be a key first."""
    serve, work = run_of(form)
    key_file = tmp_path / "webhooks.key"
    key_file.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
    settings = {
        **variables(),
        "PERSONA_DATABASE_URL": postgres_url,
        "PERSONA_SECRET_KEY_FILE": str(key_file),
        "PERSONA_API_PORT": "0",
    }
    key = installed("keys", "create", "anna", "--database", postgres_url).stdout.strip()
    processes = [started(Serving, tmp_path / f"s{n}", serve, settings) for n in range(2)]
    processes += [started(Working, tmp_path / f"w{n}", work, settings) for n in range(2)]
    try:
        for each in processes:
            each.start()
        one, other = processes[:2]
        for server in (one, other):
            server.url = server.url.replace("//0.0.0.0:", "//127.0.0.1:")
        job = one.post_job(study(1), key=key)["id"]
        assert other.wait(job, key=key)["status"] == "completed"
        check = compose()["server"]["healthcheck"]["test"]
        code = check[3].replace("http://127.0.0.1:8000", one.url)
        assert subprocess.run([sys.executable, *check[2:3], code], check=False).returncode == 0
    finally:
        codes = [each.stop() for each in processes]
    assert codes == [0] * 4


def test_the_container_is_what_the_compose_file_runs():
    """One command for both; its packages are of this version."""
    lines = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    assert f"CMD {str(compose()['server']['command']).replace(chr(39), chr(34))}" in lines
    version = (FOLDER.parents[2] / "packages/persona-api/pyproject.toml").read_text(encoding="utf-8")
    current = version.partition('version = "')[2].partition('"')[0]
    for page in ("Containerfile", "README.md"):
        text = (FOLDER / page).read_text(encoding="utf-8")
        assert f"persona-cli[postgres]=={current}" in text


def test_units_leave_time_to_end():
    """Longer than jobs are given and deliveries may take."""
    graceful = resolve({}, {}).graceful
    for name in ("persona-server.service", "persona-worker@.service"):
        assert int(unit(name)["TimeoutStopSec"]) > graceful + 15


def test_the_page_names_every_file():
    """A reader finds them from the page."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in os.listdir(FOLDER):
        assert f"]({file})" in page or file == "README.md"
