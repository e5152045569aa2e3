"""The compositions everyone calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from persona_core.models import Corpus, LoadingOptions, PersonaSet, SynthesisOptions
from persona_core.synthesis import Extractive, Synthesiser

Told = Callable[[str, int, int], None]
"""Progress: a stage, how much is done, of how much."""


async def generate(
    corpus: Corpus,
    synthesiser: Synthesiser | None = None,
    options: SynthesisOptions | None = None,
    *,
    progress: Told | None = None,
    loading: LoadingOptions | None = None,
    now: datetime | None = None,
) -> PersonaSet:
    """Make personas of a corpus, offline where no synthesiser is given.

    `loading` is what the corpus was loaded with, kept so that whoever checks reads the sources the same way.
    `now` is what the set says of when it was made; without it the clock's time, to the second. Raises
    GenerationError where no personas can be made of this corpus, ConfigurationError where the options ask for
    what it cannot give.
    """
    made = await (synthesiser or Extractive()).synthesise(corpus, options or SynthesisOptions(), progress)
    moment = now or datetime.now(UTC).replace(microsecond=0)
    generation = made.generation.model_copy(update={"generated_at": moment})
    known = {} if loading is None else loading.model_dump(mode="json", exclude_defaults=True)
    corpus_ref = made.corpus.model_copy(update={"loading": known})
    return made.model_copy(update={"corpus": corpus_ref, "generation": generation})
