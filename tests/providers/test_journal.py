"""Nothing that was answered is asked again."""

import json
import math
import signal
import subprocess
import sys
import textwrap

import anyio
import pytest
from loopback import first
from providers.conftest import PLANTED

from persona_core.errors import ConfigurationError, LoadError, ProviderError
from persona_core.models.completion import Completion
from persona_core.models.persona import Usage
from persona_core.testing import ScriptedProvider
from persona_providers import Journal, Journalled, Replaying, provider

pytestmark = pytest.mark.anyio


async def test_an_answer_is_given_again_from_the_file(tmp_path, ask) -> None:
    """By another process, too; and it says that it cost nothing now."""
    path = tmp_path / "j.jsonl"
    with Journal.open(path) as journal:
        asked = await Journalled(ScriptedProvider(["yes"]), journal).complete(ask())
    with Journal.open(path) as journal:
        again = await Journalled(ScriptedProvider([]), journal).complete(ask())
    assert not asked.replayed
    assert again == asked.model_copy(update={"replayed": True})


async def test_the_same_question_in_flight_is_asked_once(tmp_path, ask) -> None:
    """Five ask at once, and four wait."""
    scripted, texts = ScriptedProvider(["yes"]), []
    with Journal.open(tmp_path / "j.jsonl") as journal:
        asked = Journalled(scripted, journal)

        async def one() -> None:
            texts.append((await asked.complete(ask())).text)

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(one)
    assert texts == ["yes"] * 5
    assert len(scripted.prompts) == 1


async def test_who_waited_asks_where_the_first_was_cancelled(tmp_path, ask) -> None:
    """Nobody waits for ever."""
    answer = anyio.Event()

    class Slow:
        model = "slow"

        async def complete(self, prompt):
            await answer.wait()
            return await ScriptedProvider(["yes"]).complete(prompt)

    with Journal.open(tmp_path / "j.jsonl") as journal:
        asked = Journalled(Slow(), journal)
        async with anyio.create_task_group() as tasks:
            with anyio.move_on_after(0.05) as first_one:
                tasks.start_soon(asked.complete, ask())
                await asked.complete(ask())
            answer.set()
    assert first_one.cancelled_caught
    assert len(journal) == 1


async def test_a_torn_last_line_is_left_out_and_cut_off(tmp_path, ask) -> None:
    """What follows stands on lines of its own."""
    path = tmp_path / "j.jsonl"
    with Journal.open(path) as journal:
        for text in ("one", "two"):
            await Journalled(ScriptedProvider([text]), journal).complete(ask(text))
    path.write_bytes(path.read_bytes()[:-9])
    assert len(Journal.replay(path)) == 1
    with Journal.open(path) as journal:
        assert len(journal) == 1
        await Journalled(ScriptedProvider(["three"]), journal).complete(ask("three"))
    assert [json.loads(line)["completion"]["text"] for line in path.read_text().splitlines()] == [
        "one",
        "three",
    ]


async def test_a_replay_asks_nobody_and_says_what_is_missing(tmp_path, ask) -> None:
    """With the journal's own model, and a sentence for an unknown question."""
    path = tmp_path / "j.jsonl"
    with Journal.open(path) as journal:
        await Journalled(ScriptedProvider(["yes"], model="m"), journal).complete(ask())
    before = path.read_bytes()
    replaying = Replaying(Journal.replay(path))
    assert replaying.model == "m"
    assert (await replaying.complete(ask())).text == "yes"
    with pytest.raises(ProviderError, match="holds no answer of m to this “test/1”"):
        await replaying.complete(ask("other"))
    with pytest.raises(ConfigurationError, match="not open for writing"):
        Journal.replay(path).put(ask("x"), "m", await replaying.complete(ask()))
    assert path.read_bytes() == before


def test_what_is_no_journal_is_said_with_its_place(tmp_path) -> None:
    """File and line."""
    path = tmp_path / "j.jsonl"
    path.write_text('{"about": {}}\nnonsense\n')
    with pytest.raises(LoadError, match=r"j\.jsonl, line 2: this is no record of a journal"):
        Journal.open(path)
    with pytest.raises(LoadError, match="there is no journal here"):
        Journal.replay(tmp_path / "none.jsonl")


async def test_how_the_run_was_made_stands_first(tmp_path, ask) -> None:
    """With the first answer, and once."""
    path = tmp_path / "j.jsonl"
    with Journal.open(path) as journal:
        journal.begin({"pseudonymised": True})
        assert not path.read_text()
        for text in ("one", "two"):
            await Journalled(ScriptedProvider([text]), journal).complete(ask(text))
    with Journal.open(path) as journal:
        journal.begin({"pseudonymised": False})
        assert journal.about == {"pseudonymised": True}
    assert len(path.read_text().splitlines()) == 3


async def test_it_knows_what_all_answers_took(loopback, tmp_path, ask) -> None:
    """Cut, empty and unusable ones as well, in whichever order they came, and again from the file; a call is lost or not."""
    faults = {1: "length", 2: "empty", 3: "cut", 4: "prose"}
    loopback.fault = lambda request: faults.get(request.number)
    with Journal.open(tmp_path / "j.jsonl") as journal:
        model = provider("openai/any", journal=journal, assume_price=2.0, api_base=loopback.url)
        made = [await model.complete(ask(number)) for number in range(6)]
        await model.aclose()
    took = journal.usage
    assert took.prompt_tokens == sum(each.usage.prompt_tokens for each in made)
    assert took.completion_tokens == sum(each.usage.completion_tokens for each in made)
    assert took.cost_usd == math.fsum(each.usage.cost_usd for each in made)
    assert journal.lost == 1
    again = Journal.replay(tmp_path / "j.jsonl")
    assert (again.usage, again.lost) == (took, 1)
    lines = (tmp_path / "j.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "reversed.jsonl").write_text("".join(reversed(lines)))
    assert Journal.replay(tmp_path / "reversed.jsonl").usage == took


async def test_an_unknown_cost_makes_the_sum_unknown(ask) -> None:
    """Not nothing; against a budget its tokens count at the price that is assumed."""
    journal = Journal()
    assert journal.usage.cost_usd == 0.0
    for tokens, cost in ((1_000_000, None), (5, 0.25)):
        took = Usage(prompt_tokens=tokens, cost_usd=cost)
        journal.put(ask(tokens), "m", Completion(text="yes", model="m", usage=took))
    assert journal.usage == Usage(prompt_tokens=1_000_005, cost_usd=None)
    assert journal.spent() == 0.25
    assert journal.spent(assume_price=2.0) == 2.25


async def test_it_holds_no_key_and_no_prompt(loopback, tmp_path, ask) -> None:
    """Answers, hashes and versions only; readable by its owner alone."""
    path = tmp_path / "j.jsonl"
    loopback.answer = lambda _request: "an answer"
    with Journal.open(path) as journal:
        model = provider("openai/any", journal=journal, api_base=loopback.url, api_key=PLANTED)
        await model.complete(ask("words of a participant"))
        await model.complete(ask("words of a participant"))
        assert model.limits.context == 32_000
        await model.aclose()
    record = json.loads(path.read_text())
    assert record["completion"]["text"] == "an answer"
    assert set(record["versions"]) == {"persona-core", "persona-providers", "litellm"}
    assert PLANTED not in path.read_text()
    assert "participant" not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert len(loopback.requests) == 1


async def test_a_failure_is_not_written(loopback, tmp_path, ask) -> None:
    """The next run asks again."""
    loopback.fault = first(1, "400")
    with Journal.open(tmp_path / "j.jsonl") as journal:
        model = provider("openai/any", journal=journal, api_base=loopback.url)
        with pytest.raises(ProviderError):
            await model.complete(ask())
        assert (await model.complete(ask())).text
        await model.aclose()


ASKER = """
    import sys, anyio
    from persona_core.models.completion import Message, Prompt
    from persona_providers import Journal, provider

    async def main():
        model = provider("openai/any", journal=Journal.open(sys.argv[2]), concurrency=4, api_base=sys.argv[1])
        async with anyio.create_task_group() as tasks:
            for n in range(40):
                tasks.start_soon(one, model, n)

    async def one(model, n):
        prompt = Prompt(name="test/1", messages=(Message(role="user", text=str(n)),), max_tokens=50)
        await model.complete(prompt)
        print(n, flush=True)

    anyio.run(main)
"""


def test_nothing_that_was_answered_is_asked_again_after_a_kill(loopback, tmp_path) -> None:
    """Kill -9 in the middle; then the rest, and only the rest, is asked."""
    loopback.latency = 0.1
    loopback.answer = lambda request: request.text
    command = [sys.executable, "-c", textwrap.dedent(ASKER), loopback.url, str(tmp_path / "j.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        used = [running.stdout.readline().strip() for _ in range(12)]
        running.send_signal(signal.SIGKILL)
        used += running.stdout.read().split()
    before = len(loopback.requests)
    subprocess.run(command, check=True, capture_output=True)
    later = {request.text for request in loopback.requests[before:]}
    assert 12 <= len(used) < 40
    assert not later & set(used)
    assert later | {request.text for request in loopback.requests[:before]} == {str(n) for n in range(40)}
