"""Personas by a scripted model, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import anyio

from persona_core.loading import load
from persona_core.models import Corpus, PersonaSet, Role, SynthesisOptions, Tier
from persona_core.models.completion import ModelLimits, Prompt
from persona_core.synthesis.prompted import Prompted
from persona_core.testing import SAMPLE, ScriptedProvider, truthful

LIMITS = ModelLimits(model="scripted", context=32_000)


def make(
    corpus: Corpus,
    answers: Callable[[Prompt], str],
    *,
    limits: ModelLimits = LIMITS,
    pseudonymise: bool = True,
    **options: Any,
) -> tuple[PersonaSet, ScriptedProvider]:
    """Make personas with a scripted model."""
    provider = ScriptedProvider(answers)
    synthesiser = Prompted(provider, limits, pseudonymise=pseudonymise)
    return anyio.run(synthesiser.synthesise, corpus, SynthesisOptions(**options)), provider


def sent(provider: ScriptedProvider) -> str:
    """Everything that left."""
    return "\n".join(message.text for prompt in provider.prompts for message in prompt.messages)


def edited(change: Callable[[dict[str, Any]], None], kind: str = "persona") -> Callable[[Prompt], str]:
    """Answer truthfully, but for a change to answers of a kind."""

    def answer(prompt: Prompt) -> str:
        said = json.loads(truthful(prompt))
        if prompt.name.startswith(kind):
            change(said)
        return json.dumps(said)

    return answer


def check(corpus: Corpus, personas: PersonaSet) -> None:
    """Every quote is a participant's own words, letter by letter."""
    for persona in personas.personas:
        for path, claim in persona.claims():
            assert claim.evidence, path
            for evidence in (*claim.evidence, *claim.against):
                position = corpus.position(evidence.segment or "")
                assert position is not None
                assert evidence.tier is Tier.exact
                assert evidence.quote in corpus.columns.texts[position]
                assert corpus.role(position) is Role.participant


def of_files(files: dict[str, str]) -> Corpus:
    """Load files given as text."""
    return load([(name, text.encode()) for name, text in files.items()])


def enlarged(times: int = 8) -> Corpus:
    """The sample study and so many longer interviews: too much for a context of 4,000 tokens."""
    said = "I take the tram to work, and it is late more often than not, so I wait in the cold and read. "
    more = {
        f"interviews/P1{n}.md": f"Interviewer: And?\n\nParticipant: I live at stop {n}. {said * 12}\n"
        for n in range(times)
    }
    return of_files({**SAMPLE, **more})
