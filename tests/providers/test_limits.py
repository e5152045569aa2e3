"""How much is asked at once, per minute, and for how much money."""

import time

import anyio
import pytest

from persona_core.errors import BudgetExceededError, ConfigurationError, PersonaError, ProviderError
from persona_providers import Budget, Journal, Limits, LiteLLMProvider, provider
from persona_providers.errors import AnswerLostError

pytestmark = pytest.mark.anyio


async def all_of(complete, prompts):
    """Ask everything at once, and give answers and errors in order."""
    found = [None] * len(prompts)

    async def one(i: int) -> None:
        try:
            found[i] = await complete(prompts[i])
        except ProviderError as error:
            found[i] = error

    async with anyio.create_task_group() as tasks:
        for i in range(len(prompts)):
            tasks.start_soon(one, i)
    return found


async def test_exactly_so_many_are_in_flight(loopback, ask) -> None:
    """A hundred calls at twenty keep twenty at the server, never more."""
    loopback.latency = 0.2
    model = provider("openai/any", concurrency=20, api_base=loopback.url)
    found = await all_of(model.complete, [ask(n) for n in range(100)])
    await model.aclose()
    assert len({each.text for each in found}) == 100
    assert loopback.most_in_flight == 20
    assert len(loopback.requests) == 100


async def test_no_more_than_rpm_begin_in_any_period() -> None:
    """Seven calls, three in 0.3 s: the seventh begins after two periods."""
    limits, begun = Limits(concurrency=10, rpm=3, period=0.3), []

    async def one(_prompt: object) -> None:
        async with limits.turn():
            begun.append(time.monotonic())

    await all_of(one, range(7))
    assert all(late - early >= 0.299 for early, late in zip(begun, begun[3:], strict=False))
    assert begun[-1] - begun[0] < 1.0


@pytest.mark.parametrize(("cost", "made"), [(1.0, 3), (0.25, 9)])
async def test_a_budget_is_never_passed(cost, made) -> None:
    """Calls that may cost a dollar, ten at once, three dollars: as many as surely fit, waiting for what is set free."""
    budget = Budget(3.0)
    limits = Limits(concurrency=10, budget=budget)

    async def one(_prompt: object) -> str:
        async with limits.turn(1.0) as turn:
            await anyio.sleep(0.01)
            assert budget.spent + budget._reserved <= 3.0
            turn.cost = cost
        return "made"

    found = await all_of(one, range(12))
    assert found.count("made") == made
    assert budget.spent == made * cost
    refused = next(each for each in found if each != "made")
    assert isinstance(refused, BudgetExceededError)
    assert refused.budget == 3.0


@pytest.mark.parametrize(
    ("error", "spent", "heard"),
    [
        (ProviderError("no"), 0, []),
        (ConfigurationError("no such model"), 0, []),
        (AnswerLostError("lost"), 2, [(2.0, True)]),
    ],
)
async def test_a_lost_answer_counts_and_a_refusal_does_not(error, spent, heard) -> None:
    """What may have been answered may have been paid for."""
    budget, told = Budget(3.0), []
    limits = Limits(budget=budget, unsettled=lambda usd, lost: told.append((usd, lost)))
    with pytest.raises(PersonaError):
        async with limits.turn(2.0):
            raise error
    assert (budget.spent, told) == (spent, heard)


async def test_a_call_that_is_cancelled_counts() -> None:
    """Its answer may be on the way; a call that had no turn yet costs nothing."""
    budget = Budget(5.0)
    limits = Limits(budget=budget, rpm=1)
    with anyio.move_on_after(0.05):
        async with limits.turn(2.0):
            await anyio.sleep(1)
    with anyio.move_on_after(0.05):
        async with limits.turn(1.0):
            pass
    assert budget.spent == 2.0


async def test_the_budget_ends_before_the_call_that_could_pass_it(loopback, ask) -> None:
    """The server sees only what surely fits, and the true cost is within the budget."""
    prompts = [ask(n) for n in range(30)]
    limits = Limits(budget=Budget(0.002))
    async with LiteLLMProvider("openai/any", limits=limits, assume_price=2.0, api_base=loopback.url) as model:
        largest = model._largest(prompts[0])
        found = await all_of(model.complete, prompts)
    refused = [each for each in found if isinstance(each, BudgetExceededError)]
    spent = sum(each.usage.cost_usd for each in found if each not in refused)
    assert refused
    assert 0.002 - largest < spent <= 0.002
    assert limits.budget.spent == pytest.approx(spent)
    assert len(loopback.requests) == len(found) - len(refused)


async def test_what_the_host_leaves_unsaid_counts_as_the_most(loopback, ask) -> None:
    """Without usage the reservation is what was spent."""
    loopback.fault = "no_usage"
    limits = Limits(budget=Budget(1.0))
    async with LiteLLMProvider("openai/any", limits=limits, assume_price=2.0, api_base=loopback.url) as model:
        await model.complete(ask())
        assert limits.budget.spent == model._largest(ask())


async def test_what_was_spent_before_counts(loopback, ask, tmp_path) -> None:
    """A budget is a run's, not an attempt's: answers in the journal, and calls of unknown cost, have spent their part."""
    path, given = tmp_path / "j.jsonl", {"budget": 0.002, "assume_price": 2.0, "api_base": loopback.url}
    loopback.fault = lambda request: "no_usage" if request.number == 2 else None
    with Journal.open(path) as journal:
        model = provider("openai/any", journal=journal, **given)
        for number in range(3):
            await model.complete(ask(number))
        await model.aclose()
        first = journal.spent()
    assert "counted" in path.read_text()
    with Journal.open(path) as journal:
        assert journal.spent() == first > 0.0004
        model = provider("openai/any", journal=journal, **given)
        found = await all_of(model.complete, [ask(number) for number in range(3, 30)])
        await model.aclose()
        assert any(isinstance(each, BudgetExceededError) for each in found)
        assert first < journal.spent() <= 0.002


async def test_the_most_a_call_may_cost_is_the_most(loopback, ask) -> None:
    """The reservation is above what the host counts, in any script, schema included."""
    async with LiteLLMProvider(
        "openai/any", limits=Limits(budget=Budget(9)), assume_price=1.0, api_base=loopback.url
    ) as model:
        for text in ("word " * 500, "字" * 500, "\ud800" * 3):
            prompt = ask(text, answer_schema={"type": "object"})
            assert model._largest(prompt) * 1e6 >= len(text.encode("utf-8", "surrogatepass")) + 50


async def test_no_budget_without_a_price(loopback, ask) -> None:
    """Refused before anything is sent."""
    model = provider("openai/any", budget=1.0, api_base=loopback.url)
    with pytest.raises(ConfigurationError, match="the price of openai/any is not known"):
        await model.complete(ask())
    await model.aclose()
    assert not loopback.requests


@pytest.mark.parametrize(
    "given", [{"concurrency": 0}, {"rpm": 0}, {"budget": -1.0}, {"budget": float("nan")}]
)
def test_limits_that_make_no_sense_are_refused(given) -> None:
    """At once, by name."""
    with pytest.raises(ConfigurationError):
        provider("openai/any", **given)
