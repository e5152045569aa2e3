"""One suite over the four combinations: in process and remote, awaited and not."""

import inspect
import json
from functools import partial

import anyio
import pytest
from serving import Serving

from persona_core.quality import Configuration, strict
from persona_core.testing import SAMPLE
from persona_sdk import (
    AsyncPersonaClient,
    ConfigurationError,
    EvidenceReport,
    GenerationError,
    LeakError,
    LoadError,
    PersonaClient,
    PersonaSet,
    Scorecard,
)

PAIRS = [(name, text.encode()) for name, text in SAMPLE.items()]


class Awaited:
    """The asynchronous client, each call on the one loop of a portal, so that a test reads the same."""

    def __init__(self, portal, **settings):
        self._portal = portal
        self._client = portal.call(partial(AsyncPersonaClient, **settings))

    def __getattr__(self, name):
        return lambda *given, **named: self._portal.call(
            partial(getattr(self._client, name), *given, **named)
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for the remote half."""
    with Serving(tmp_path_factory.mktemp("sdk")) as serving:
        yield serving


@pytest.fixture(params=["here", "here-awaited", "there", "there-awaited"])
def client(request):
    """A client of each kind."""
    settings = {}
    if request.param.startswith("there"):
        settings["base_url"] = request.getfixturevalue("server").url
    if request.param.endswith("awaited"):
        from anyio.from_thread import start_blocking_portal

        with start_blocking_portal() as portal:
            one = Awaited(portal, **settings)
            yield one
            one.close()
    else:
        with PersonaClient(**settings) as one:
            yield one


def bytes_of(made):
    """A personas file without the time it was made."""
    document = json.loads(made.to_json())
    document["generation"].pop("generated_at")
    return json.dumps(document).encode()


@pytest.fixture(scope="module")
def reference():
    """The same personas, made here."""
    with PersonaClient() as one:
        return one.generate(PAIRS, count=2)


def test_generating_gives_the_same_bytes(client, reference):
    """Events on the way, the same type and the same bytes whichever way it was made."""
    told = []
    made = client.generate(PAIRS, count=2, on_event=told.append)
    assert isinstance(made, PersonaSet)
    assert bytes_of(made) == bytes_of(reference)
    assert [each.sequence for each in told] == list(range(1, len(told) + 1))
    assert told[0].type == "generation.started"
    assert sum(each.type == "persona.created" for each in told) == 2
    assert told[-1].type == "generation.completed"


def test_a_folder_gives_the_same_bytes(client, reference, tmp_path):
    """Names of sources are those of the folder, wherever it is read."""
    for name, data in PAIRS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    made = client.generate(tmp_path, count=2)
    assert {each.name for each in made.corpus.sources} == set(SAMPLE)
    assert [each.name for each in made.personas] == [each.name for each in reference.personas]


def test_scores_evidence_scripts_and_audits_are_the_same(client, reference):
    """The same values whichever way they were asked."""
    with PersonaClient() as here:
        card, report = here.score(reference, PAIRS), here.verify(reference, PAIRS)
        judged = here.score(reference, config=strict(Configuration())).set.gate
    assert isinstance(client.score(reference, PAIRS), Scorecard)
    assert client.score(reference, PAIRS).to_json() == card.to_json()
    assert isinstance(client.verify(reference, PAIRS), EvidenceReport)
    assert client.verify(reference, PAIRS) == report
    assert client.score(reference, evidence=report).set.overall == card.set.overall
    gate = client.score(reference, config=strict(Configuration())).set.gate
    assert gate == judged
    assert "no sources were given" in gate.reasons[-1]
    released = client.script(reference.personas[0], PAIRS, format="system_prompt")
    assert released.audit.passed
    assert str(released) == released.content
    audit = client.audit("There is no signal at the stop, so my ticket won't load.", PAIRS)
    assert not audit.passed
    assert "<html" in client.report(reference, PAIRS)


def test_a_png_comes_as_bytes(client, reference):
    """Binary forms survive the wire."""
    assert client.script(reference.personas[0], PAIRS, format="tavern_png").content.startswith(b"\x89PNG")


def test_what_leaks_is_an_error_with_the_audit(client, reference):
    """A template that quotes is refused."""
    with pytest.raises(LeakError) as refused:
        client.script(
            reference.personas[0],
            PAIRS,
            format="jinja2_template",
            template="There is no signal at the stop, so my ticket won't load.",
        )
    assert not refused.value.report.passed


def test_what_cannot_be_made_says_why(client, tmp_path):
    """Too many personas, no such file, options that are none, a closed client."""
    with pytest.raises(GenerationError, match="50"):
        client.generate(PAIRS, count=50)
    with pytest.raises(LoadError, match="no such file"):
        client.generate(str(tmp_path / "nowhere"))
    with pytest.raises(ConfigurationError, match="count"):
        client.generate(PAIRS, count=0)
    with pytest.raises(ConfigurationError, match="colour"):
        client.generate(PAIRS, colour="red")
    for empty in ("", "  ", [""]):
        with pytest.raises(ConfigurationError, match="empty"):
            client.generate(empty)
    with pytest.raises(LoadError):
        client.generate("x" * 5000)


def test_many_at_once_lose_nothing_to_one_failure(client):
    """Results and errors side by side, in their order."""
    found = client.generate_many([PAIRS, {"sources": PAIRS, "count": 50}, PAIRS], count=1, concurrency=3)
    assert isinstance(found[0], PersonaSet)
    assert isinstance(found[1], GenerationError)
    assert isinstance(found[2], PersonaSet)
    with pytest.raises(ConfigurationError, match="concurrency"):
        client.generate_many([PAIRS], concurrency=0)
    assert isinstance(client.generate_many([{"count": 2}])[0], ConfigurationError)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "localhost"},
        {"base_url": "http://"},
        {"base_url": "http://127.0.0.1:99999"},
        {"base_url": "http://[::1"},
        {"api_key": "ключ"},
        {"api_key": "a\nb"},
        {"retries": -1},
        {"timeout": 0},
    ],
)
def test_a_client_that_could_not_work_is_not_made(wrong):
    """One sentence at once, in place of an odd error later."""
    with pytest.raises(ConfigurationError):
        PersonaClient(**wrong)


def test_a_report_for_nobody_known_is_refused(client):
    """Never a wider one than to share."""
    with pytest.raises(ConfigurationError, match="share"):
        client.report(client.generate(PAIRS, count=1), PAIRS, audience="shared")


def test_a_closed_client_says_so(client):
    """Nothing hangs."""
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.generate(PAIRS)


@pytest.mark.parametrize(
    "names", [("PersonaClient", "AsyncPersonaClient"), ("Jobs", "AsyncJobs"), ("Webhooks", "AsyncWebhooks")]
)
def test_both_clients_have_the_same_methods(names):
    """The same names, parameters and docstrings."""
    from persona_sdk import async_client, client

    here, there = getattr(client, names[0]), getattr(async_client, names[1])
    public = {name for name in vars(here) if not name.startswith("_")}
    assert public == {name for name in vars(there) if not name.startswith("_")}
    for name in public:
        one, other = getattr(here, name), getattr(there, name)
        assert list(inspect.signature(one).parameters.values()) == list(
            inspect.signature(other).parameters.values()
        )
        assert one.__doc__ == other.__doc__


def test_it_works_inside_a_running_loop(reference):
    """As in a notebook: the loop is busy with us, and the call comes back all the same."""

    async def notebook():
        with PersonaClient() as one:
            return one.generate(PAIRS, count=2)

    assert bytes_of(anyio.run(notebook)) == bytes_of(reference)


def test_jobs_and_webhooks_want_a_server():
    """In process they say what to give."""
    with PersonaClient() as one, pytest.raises(ConfigurationError, match="base_url"):
        one.jobs.create(PAIRS)


def test_consent_and_columns_go_with_every_question(client, tmp_path):
    """A participants file and named columns are heard by each call, whichever way it is asked."""
    rows = "".join(f"P0{n},I want the doors to wait for wheelchair number {n}.\n" for n in range(1, 5))
    said = [("said.csv", ("who,What?\n" + rows).encode())]
    register = tmp_path / "who.csv"
    register.write_text("participant,quote_ok\nP01,no\nP02,yes\nP03,yes\nP04,yes\n")
    asked = {"participants": register, "participant_column": "who"}
    made = client.generate(said, count=1, **asked)
    assert b"wheelchair number 1" not in made.to_json()
    as_rows = [
        {"participant": "P01", "quote_ok": False},
        *({"participant": f"P0{n}", "quote_ok": True} for n in (2, 3, 4)),
    ]
    assert bytes_of(
        client.generate(said, count=1, participants=as_rows, participant_column="who")
    ) == bytes_of(made)
    assert client.verify(made, said, participants=register).counts.missing == 0
    assert client.score(made, said, **asked).set.overall
    assert not client.audit("I want the doors to wait for wheelchair number 1.", said, **asked).passed


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_a_table(client, library):
    """Frames of either library are read as the table they hold."""
    frames = pytest.importorskip(library)
    rows = {
        "participant": [f"P{n}" for n in range(6)],
        "What?": [f"I want to go home by tram number {n} and not wait." for n in range(6)],
    }
    made = client.generate(frames.DataFrame(rows), count=2)
    assert made.corpus.sources[0].name == "table-1.csv"
    assert client.verify(made, frames.DataFrame(rows)).counts.missing == 0
