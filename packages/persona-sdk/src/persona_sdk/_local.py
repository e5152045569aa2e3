"""The backend of this process: core's pipeline and providers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import TypeVar

import anyio.to_thread

from persona_core.errors import ConfigurationError
from persona_core.models import Corpus, EvidenceReport, PersonaSet, Scorecard
from persona_core.models.audit import Audit
from persona_core.pipeline import Release, ReleaseOptions, generate, release, release_by_model, score
from persona_core.pseudonyms import Pseudonyms
from persona_core.quality.configuration import Configuration
from persona_core.synthesis import Prompted
from persona_core.verification import verify
from persona_sdk._asked import Asked
from persona_sdk._material import Material

T = TypeVar("T")


class Local:
    """Does it here; what takes its time does so on a thread."""

    async def generate(self, asked: Asked) -> PersonaSet:
        """Make personas, offline or with a model."""
        request = asked.request
        corpus = await _on_a_thread(lambda: _needed(asked.material))
        if request.model == "extractive":
            make = partial(
                generate,
                corpus,
                None,
                request.synthesis(),
                on_event=asked.heard,
                loading=request.options.loading(),
            )
            return await _on_a_thread(lambda: anyio.run(make))
        return await self._with_model(asked, corpus)

    async def _with_model(self, asked: Asked, corpus: Corpus) -> PersonaSet:
        from persona_providers import Journal, host_of, provider
        from persona_providers.catalogue import access_to, require_key

        request, options = asked.request, asked.request.options
        require_key(access_to(request.model))
        where, journal = host_of(request.model), Journal()
        hidden = where.is_sent_tokens(options.pseudonymise)
        async with AsyncExitStack() as stack:
            model = provider(request.model, journal=journal, **options.calling())
            stack.push_async_callback(model.aclose)
            maker = Prompted(model, model.limits, pseudonymise=hidden, concurrency=options.concurrency)
            return await generate(
                corpus,
                maker,
                request.synthesis(),
                on_event=asked.heard,
                loading=options.loading(),
                usage=lambda: journal.usage,
            )

    async def score(
        self,
        personas: PersonaSet,
        material: Material,
        *,
        evidence: EvidenceReport | None,
        config: Configuration,
        min_score: float | None,
        allow_unscored: tuple[str, ...],
    ) -> Scorecard:
        """Measure personas."""

        def work() -> Scorecard:
            return score(
                personas,
                material.corpus(personas),
                report=evidence,
                config=config,
                min_score=min_score,
                allow_unscored=allow_unscored,
            )

        return await _on_a_thread(work)

    async def verify(self, personas: PersonaSet, material: Material, *, any_corpus: bool) -> EvidenceReport:
        """Look up every quote."""
        return await _on_a_thread(
            lambda: verify(personas, _needed(material, personas), any_corpus=any_corpus)
        )

    async def script(
        self, personas: PersonaSet, material: Material, options: ReleaseOptions, model: str
    ) -> Release:
        """Make the script of the one persona."""
        persona = personas.personas[0]
        corpus = await _on_a_thread(lambda: material.corpus(personas))
        if model == "extractive":
            return await _on_a_thread(lambda: release(persona, corpus, options))
        from persona_providers import host_of, provider
        from persona_providers.catalogue import access_to, require_key

        require_key(access_to(model))
        hide = str if host_of(model).loopback or corpus is None else Pseudonyms(corpus).hide
        async with AsyncExitStack() as stack:
            opened = provider(model)
            stack.push_async_callback(opened.aclose)
            return await release_by_model(persona, corpus, opened, options, hide=hide)

    async def audit(self, text: str, material: Material, *, threshold: float, k: int) -> Audit:
        """Compare a text with the sources."""
        from persona_core.auditing import Auditor

        return await _on_a_thread(lambda: Auditor(_needed(material), k=k).audit(text, threshold=threshold))

    async def aclose(self) -> None:
        """Nothing is held."""


def _needed(material: Material, personas: PersonaSet | None = None) -> Corpus:
    corpus = material.corpus(personas)
    if corpus is None:
        raise ConfigurationError("there are no sources: give the files or folders of the study")
    return corpus


async def _on_a_thread(work: Callable[[], T]) -> T:
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
