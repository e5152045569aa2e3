"""Which synthesiser makes the personas: offline, or a model; and what leaves for which host before it does."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from persona_cli import output
from persona_core.models import Corpus, SynthesisOptions
from persona_core.models.completion import ModelLimits
from persona_core.prompts import hashes
from persona_core.pseudonyms import Pseudonyms
from persona_core.runs import JOURNAL, journal_of
from persona_core.synthesis import Extractive, Prompted, Synthesiser
from persona_core.synthesis.prompted.planning import Plan, plan, prompted_segments

if TYPE_CHECKING:
    from persona_providers import Host, Journal, OpenProvider

OFFLINE = "extractive"
CALLING = ("pseudonymise", "yes", "budget", "assume_price", "context", "concurrency", "rpm", "timeout")
"""The fields of a Choice that say how a model is called, by the names of their options."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model and how it is asked, as the options say."""

    model: str
    pseudonymise: str = "auto"
    yes: bool = False
    budget: float | None = None
    assume_price: float | None = None
    context: int | None = None
    concurrency: int = 8
    rpm: int | None = None
    timeout: float = 120.0
    replay: Path | None = None
    journal: bool = True

    @property
    def offline(self) -> bool:
        """Whether no model is asked."""
        return self.model == OFFLINE

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Choice:
        """Gather what the options say."""
        model = values["model"]
        kept = values["replay"] or (journal_of(values["resume"]) if values["resume"] else None)
        if model == OFFLINE and kept is not None:
            model = _model_of(kept)
        return replace(cls.calling(model, values), replay=values["replay"], journal=not values["no_journal"])

    @classmethod
    def calling(cls, model: str, values: Mapping[str, Any]) -> Choice:
        """Gather what the options say of how a model is called."""
        return cls(model, **{name: values[name] for name in CALLING})


def _model_of(journal: Path) -> str:
    """The model that a run to be taken up or replayed was made with; where nobody knows, none."""
    from persona_providers import Journal

    return str(Journal.replay(journal).about.get("model", OFFLINE)) if journal.is_file() else OFFLINE


@dataclass(frozen=True, slots=True)
class Engine:
    """A synthesiser, what it sends where, and what it took."""

    synthesiser: Synthesiser
    began: datetime
    """When the run began; one that is taken up or replayed began when its first attempt did."""
    journal: Journal | None = None
    """What was answered, in memory only where it is not to be kept; nothing where no model is asked."""
    host: str | None = None
    pseudonymised: bool = False
    limits: ModelLimits | None = None

    def egress(self, corpus: Corpus) -> tuple[Mapping[str, Any], ...]:
        """What a manifest says of what left."""
        if self.host is None or self.limits is None:
            return ()
        segments = len(prompted_segments(corpus))
        return (
            {
                "host": self.host,
                "model": self.limits.model,
                "segments": segments,
                "pseudonymised": self.pseudonymised,
            },
        )

    def prompts(self) -> Mapping[str, str]:
        """The prompts in use, by hash."""
        return {} if self.limits is None else hashes()


def limits_of(choice: Choice) -> ModelLimits:
    """What the chosen model takes and costs."""
    from persona_providers import limits_of as known

    return known(choice.model, choice.context, assume_price=choice.assume_price)


async def build(
    choice: Choice, corpus: Corpus, partial: Path | None, started: datetime, stack: AsyncExitStack
) -> Engine:
    """Make the synthesiser; with a model, say what is about to leave, and ask, before anything does."""
    started = started.replace(microsecond=0)
    if choice.offline:
        return Engine(Extractive(), started)
    from persona_providers import Replaying, host_of
    from persona_providers.catalogue import access_to, require_key

    limits, where = limits_of(choice), host_of(choice.model)
    journal = _journal(choice, partial)
    stack.callback(journal.close)
    hidden = _hidden(choice, where, journal)
    if choice.replay is not None:
        replayed = Prompted(Replaying(journal, choice.model), limits, pseudonymise=hidden)
        return Engine(replayed, _began(journal, started), journal, None, hidden, limits)
    if not where.loopback:
        require_key(access_to(choice.model))  # before anybody is asked for a yes that leads nowhere
        _agree(corpus, where.name, hidden=hidden, yes=choice.yes)
    _say_what_was_spent(choice, journal)
    about = {"model": choice.model, "host": where.name, "pseudonymised": hidden}
    journal.begin({**about, "began": started.isoformat()})
    asked = opened(choice, journal)
    stack.push_async_callback(asked.aclose)
    synthesiser = Prompted(asked, limits, pseudonymise=hidden, concurrency=choice.concurrency)
    return Engine(synthesiser, _began(journal, started), journal, where.name, hidden, limits)


def _journal(choice: Choice, partial: Path | None) -> Journal:
    from persona_providers import Journal

    if choice.replay is not None:
        return Journal.replay(choice.replay)
    return Journal.open(partial / JOURNAL) if partial is not None and choice.journal else Journal()


def _hidden(choice: Choice, where: Host, journal: Journal) -> bool:
    """Whether tokens stand for names; a run that is taken up or replayed asks as it did before."""
    hidden, before = where.is_sent_tokens(choice.pseudonymise), journal.about
    same = choice.replay is not None or before.get("host") == where.name
    return bool(before.get("pseudonymised", hidden)) if same and choice.pseudonymise == "auto" else hidden


def _began(journal: Journal, started: datetime) -> datetime:
    """When the journal's run began; now, for a journal that does not say."""
    said = journal.about.get("began")
    return datetime.fromisoformat(said) if said else started


def _say_what_was_spent(choice: Choice, journal: Journal) -> None:
    spent = journal.spent(choice.assume_price)
    if choice.budget is not None and spent:
        output.say(f"${spent:.4f} of the run's budget of ${choice.budget:.4f} were spent before.")


def opened(choice: Choice, journal: Journal | None = None) -> OpenProvider:
    """Make the provider of the chosen model; it is to be closed."""
    from persona_providers import provider

    return provider(
        choice.model,
        timeout=choice.timeout,
        concurrency=choice.concurrency,
        rpm=choice.rpm,
        budget=choice.budget,
        assume_price=choice.assume_price,
        context=choice.context,
        journal=journal,
    )


def _agree(corpus: Corpus, host: str, *, hidden: bool, yes: bool) -> None:
    """Say in one line what leaves for where, and go on only with a yes."""
    texts = [corpus.columns.texts[i] for i in prompted_segments(corpus)]
    words = sum(text.count(" ") + 1 for text in texts)
    confirmed(f"{people(corpus)}, {words:,} words", host, hidden=hidden, yes=yes)


def people(corpus: Corpus) -> str:
    """How many participants there are, in words."""
    return f"{len(corpus.people)} participant{'s' if len(corpus.people) != 1 else ''}"


def agreed(choice: Choice, what: str, pseudonyms: Callable[[], Callable[[str], str]]) -> Callable[[str], str]:
    """Say that `what` leaves for the chosen model, and ask; gives what takes out of a text what must not leave."""
    from persona_providers import host_of
    from persona_providers.catalogue import access_to, require_key

    where = host_of(choice.model)
    hidden = where.is_sent_tokens(choice.pseudonymise)
    if not where.loopback:
        require_key(access_to(choice.model))
        confirmed(what, where.name, hidden=hidden, yes=choice.yes)
    return pseudonyms() if hidden else str


def confirmed(what: str, host: str, *, hidden: bool, yes: bool) -> None:
    """Say what goes where, and go on only with a yes."""
    line = f"{what}, {'pseudonymised' if hidden else 'as they are, names included'} → {host}"
    if yes:
        output.say(line)
    elif sys.stdin.isatty() and sys.stderr.isatty():
        click.confirm(f"{line}. Send it?", abort=True, err=True)
    else:
        raise click.UsageError(f"{line}: nothing was sent; give --yes to send it")


def host(choice: Choice) -> str | None:
    """Where the words would go; nothing where they stay."""
    if choice.offline:
        return None
    from persona_providers import host_of

    return host_of(choice.model).name


def planned(choice: Choice, corpus: Corpus, options: SynthesisOptions) -> tuple[Plan, ModelLimits] | None:
    """What a model would be asked, and of which limits; nothing where none is."""
    if choice.offline:
        return None
    from persona_providers import host_of

    limits = limits_of(choice)
    names = Pseudonyms(corpus) if host_of(choice.model).is_sent_tokens(choice.pseudonymise) else None
    return plan(corpus, options.count, limits, group_by=options.group_by, pseudonyms=names), limits


def show_plan(found: tuple[Plan, ModelLimits], choice: Choice) -> None:
    """Print what a model would be asked, and what that takes: all going well, and with every repair and second try."""
    made, limits = found
    rows = [
        (
            stage.name,
            f"{stage.calls}",
            f"{stage.prompt_tokens:,}",
            f"{stage.completion_tokens:,}",
            _dollars(stage.cost_usd),
            _dollars(stage.most_usd),
        )
        for stage in made.stages
    ]
    figures = ("Calls", "Tokens read", "Tokens written", "US dollars, likely", "US dollars, at most")
    title = f"What {limits.model} at {host(choice)} would be asked ({made.kind}, {limits.context:,} tokens of context)"
    output.table(("Stage", *figures), rows, title=title, right=figures)


def _dollars(cost: float | None) -> str:
    """A price, rounded up: what costs something never costs nothing."""
    return "unknown" if cost is None else f"{math.ceil(cost * 100) / 100:.2f}"
