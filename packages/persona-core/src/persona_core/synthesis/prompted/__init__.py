"""Personas by a language model: it proposes and quotes, our code locates and decides what stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from persona_core.errors import GenerationError
from persona_core.made_names import made_names
from persona_core.models.completion import ModelLimits
from persona_core.models.corpus import Corpus
from persona_core.models.options import SynthesisOptions
from persona_core.models.persona import Generation, Persona, PersonaSet
from persona_core.provider import Provider
from persona_core.pseudonyms import Pseudonyms
from persona_core.synthesis.grouping import take_groups
from persona_core.synthesis.noticing import refuse_without_participants
from persona_core.synthesis.prompted.briefs import Brief, briefs_of
from persona_core.synthesis.prompted.concluding import concluded
from persona_core.synthesis.prompted.drafting import Drafter
from persona_core.synthesis.prompted.lines import Lines
from persona_core.synthesis.prompted.observing import observe
from persona_core.synthesis.prompted.planning import plan, prompted_segments
from persona_core.synthesis.prompted.proposing import propose
from persona_core.synthesis.prompted.twins import Apart
from persona_core.synthesis.prompted.underway import Metered, Run, side_by_side
from persona_core.verification import Finder


class Prompted:
    """Makes personas with any provider: one call for the archetypes where the corpus fits, else observations first."""

    name = "prompted"

    def __init__(
        self, provider: Provider, limits: ModelLimits, *, pseudonymise: bool = True, concurrency: int = 8
    ) -> None:
        """`limits` is what the planner plans by; `concurrency` the calls that are made side by side."""
        self.provider, self.limits = provider, limits
        self.pseudonymise, self.concurrency = pseudonymise, concurrency

    async def synthesise(
        self,
        corpus: Corpus,
        options: SynthesisOptions,
        told: Callable[[str, int, int], None] | None = None,
        created: Callable[[Persona], None] | None = None,
    ) -> PersonaSet:
        """Make personas; `told` hears a stage, how much is done, and of how much; `created` each persona once it is final.

        Raises GenerationError with what was made in `partial` where some personas failed, and the first failure where
        all did; AuthenticationError and ConfigurationError as they come.
        """
        refuse_without_participants(corpus)
        run = self._run(corpus, options, told, created)
        briefs = await _briefs(run)
        made = Apart(Drafter(run.provider, run.finder, run.lines, run.plan, options.seed), run)
        names = made_names(corpus, len(briefs), options.seed)
        jobs = [
            partial(made.make, place, brief, f"persona-{place + 1:03d}", name)
            for place, (brief, name) in enumerate(zip(briefs, names, strict=True))
        ]
        await side_by_side(run, "personas", jobs)
        generation = Generation(
            synthesiser=self.name, model=self.limits.model, seed=options.seed, usage=run.provider.usage
        )
        return concluded(run, briefs, made, generation)

    def _run(
        self,
        corpus: Corpus,
        options: SynthesisOptions,
        told: Callable[[str, int, int], None] | None,
        created: Callable[[Persona], None] | None,
    ) -> Run:
        hidden = Pseudonyms(corpus) if self.pseudonymise else None
        return Run(
            corpus,
            options,
            plan(corpus, options.count, self.limits, group_by=options.group_by, pseudonyms=hidden),
            Lines(corpus, hidden),
            Finder(corpus),
            Metered(self.provider),
            self.concurrency,
            told or (lambda _stage, _done, _of: None),
            created or (lambda _persona: None),
        )


async def _briefs(run: Run) -> list[Brief]:
    """Who stands behind each persona, and which of their words say most."""
    if run.options.group_by:
        return briefs_of(run.corpus, take_groups(run.corpus, run.options.group_by))
    speakers = {run.corpus.columns.who[i] for i in prompted_segments(run.corpus)}
    if run.options.count > len(speakers):
        most = len(speakers)
        raise GenerationError(
            f"{run.options.count} personas were asked for, and only {most} participants said something: ask for at most {most} (--count {most})"
        )
    return await (propose(run) if run.plan.kind == "direct" else observe(run))
