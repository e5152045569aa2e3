"""The OpenAPI document: the same set as the routes, valid, and of use to who makes a client or a page of it."""

import importlib
import subprocess
import sys
import time

import httpx
import pytest
from e2e.browser import browsing, installed
from schemathesis.specs.openapi.definitions import OPENAPI_31
from serving import Serving, study
from starlette.routing import Route

from persona_api.app import create_app
from persona_api.operations import OPERATIONS
from persona_api.operations.operation import PREFIX
from persona_api.settings import Settings

AT_THE_ROOT = {"/metrics", "/openapi.json", "/docs", "/docs/{name}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all of them."""
    with Serving(tmp_path_factory.mktemp("server")) as serving:
        yield serving


@pytest.fixture(scope="module")
def document(server):
    """What the server says of itself."""
    return httpx.get(f"{server.url}/openapi.json", trust_env=False).raise_for_status().json()


def test_routes_operations_and_document_are_the_same_set(document):
    """Nothing is served that is not described, and nothing described that is not served."""
    table = {(each.method, PREFIX + each.path) for each in OPERATIONS}
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    routes = {
        (method, route.path)
        for route in create_app(Settings()).routes
        if isinstance(route, Route) and route.path not in AT_THE_ROOT
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert table == described == routes
    names = [each.name for each in OPERATIONS]
    assert len(names) == len(set(names)) == len(OPERATIONS)


def test_the_document_is_valid(document):
    """As OpenAPI 3.1 says it, and each of its references leads somewhere."""
    import jsonschema_rs

    assert document["openapi"] == "3.1.0"
    errors = list(jsonschema_rs.validator_for(OPENAPI_31).iter_errors(document))
    assert not errors, errors[:3]
    schemas = document["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in references(document)} <= set(schemas)


def references(part):
    """Every `$ref` of the document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_what_is_asked_for_is_described(document):
    """Whoever makes a request reads what each parameter and each field of its body is for."""
    schemas, bare = document["components"]["schemas"], []
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            given = {each["name"]: each for each in said["parameters"]}
            for form in said.get("requestBody", {}).get("content", {}).values():
                given |= _fields(form["schema"], schemas)
            bare += [(method, path, name) for name, each in given.items() if not each.get("description")]
    assert not bare


def _fields(schema, schemas):
    """The fields of a body, of those in it, too."""
    found = dict(schema.get("properties", {}))
    for each in (schema, *found.values(), *(each.get("items", {}) for each in found.values())):
        if "$ref" in each:
            found |= _fields(schemas[each["$ref"].rpartition("/")[2]], schemas)
    return found


def test_a_generated_client_makes_personas(server, tmp_path, monkeypatch):
    """A client that a stranger's generator made starts a job and reads its personas."""
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--url", f"{server.url}/openapi.json", "--output-path", str(tmp_path / "made_client")]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout + made.stderr, made.stdout
    monkeypatch.syspath_prepend(tmp_path)
    client = importlib.import_module("made_client").Client(base_url=server.url)
    models = importlib.import_module("made_client.models")
    api = importlib.import_module("made_client.api.default.create_job")
    get = importlib.import_module("made_client.api.default.get_job")
    with client:
        job = api.sync(client=client, body=models.GenerateRequest.from_dict(study()))
        until = time.monotonic() + 30
        while job.status not in {"completed", "failed"} and time.monotonic() < until:
            time.sleep(0.05)
            job = get.sync(job.id, client=client)
    assert job.status == "completed"
    assert len(job.result.personas) == 2
    assert all(persona.name for persona in job.result.personas)


@pytest.mark.skipif(installed() is None, reason="there is no Chromium here")
def test_the_page_works_under_its_policy(server, tmp_path):
    """Nothing in the console, nothing asked elsewhere, and "Try it out" is answered."""
    with browsing(installed(), tmp_path) as page:
        page.ask("Page.navigate", url=f"{server.url}/docs")
        wait(page, "!!document.querySelector('#operations-default-health')")
        page.run("document.querySelector('#operations-default-health .opblock-summary-control').click()")
        wait(page, "!!document.querySelector('#operations-default-health .try-out__btn')")
        page.run("document.querySelector('#operations-default-health .try-out__btn').click()")
        wait(page, "!!document.querySelector('#operations-default-health .execute')")
        page.run("document.querySelector('#operations-default-health .execute').click()")
        wait(page, "!!document.querySelector('#operations-default-health .live-responses-table .microlight')")
        shown = page.run(
            "document.querySelector('#operations-default-health .live-responses-table').innerText"
        )
        assert "200" in shown
        assert '"ok"' in shown
        assert page.complaints == []
        assert all(url.startswith((server.url, "data:", "blob:")) for url in page.requests), page.requests


def wait(page, condition):
    """Until something is so."""
    until = time.monotonic() + 30
    while not page.run(condition):
        assert time.monotonic() < until, (condition, page.complaints)
        time.sleep(0.05)
