"""What a model says of personas: groundedness and consistency, beside the scores and never in them.

The model gives verdicts on claims; the figures are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Literal

import anyio
from pydantic import BaseModel, ConfigDict, Field

from persona_core.asking import ask
from persona_core.errors import GenerationError, ProviderError
from persona_core.models.completion import Prompt
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Claim, Persona, Tier
from persona_core.models.report import CheckedEvidence, CheckedPersona
from persona_core.models.scorecard import DimensionScore, Scorecard
from persona_core.prompts import fill
from persona_core.provider import Provider
from persona_core.quality.dimension import Given

_AROUND = 600
"""Characters of a segment that are shown around a quote, at most."""
_PER_CONTRADICTION = 25.0
_WORTH = {"supported": 1.0, "partly": 0.5, "unsupported": 0.0}
Hide = Callable[[str], str]


class Verdict(BaseModel):
    """Whether a claim says what its evidence says."""

    model_config = ConfigDict(extra="ignore")

    claim: str
    verdict: Literal["supported", "partly", "unsupported"]
    reason: str


class Contradiction(BaseModel):
    """Two things that cannot both be true of one person."""

    model_config = ConfigDict(extra="ignore")

    first: str
    second: str
    reason: str


class Judgement(BaseModel):
    """What the model answers."""

    model_config = ConfigDict(extra="ignore")

    verdicts: list[Verdict]
    contradictions: Annotated[list[Contradiction], Field(max_length=20)]


async def judge(
    provider: Provider, card: Scorecard, given: Given, *, hide: Hide = str, concurrency: int = 8
) -> Scorecard:
    """Have a model judge each persona of `given`; the scorecard with what it said under `judged`.

    `hide` takes out of a text what must not leave. One call a persona, `concurrency` side by side. A persona whose
    judgement fails is unscored there, with the reason; raises ProviderError where the model does not answer.
    """
    found: dict[str, Mapping[str, DimensionScore]] = {}
    failures: list[ProviderError] = []
    limiter = anyio.CapacityLimiter(concurrency)

    async def one(i: int) -> None:
        try:
            async with limiter:
                found[given.personas[i].id] = await _judged(provider, given, i, hide)
        except ProviderError as error:
            failures.append(error)
            tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        for i in range(len(given.personas)):
            tasks.start_soon(one, i)
    if failures:
        raise failures[0]
    return card.model_copy(
        update={
            "personas": tuple(each.model_copy(update={"judged": found[each.id]}) for each in card.personas)
        }
    )


async def _judged(provider: Provider, given: Given, i: int, hide: Hide) -> Mapping[str, DimensionScore]:
    persona = given.personas[i]
    claims = dict(enumerate(persona.claims(), 1))
    checked = given.report.personas[i] if given.report else None
    prompt = question(persona, given.corpus, checked, hide)
    try:
        said = (await ask(provider, prompt, Judgement, partial(_fault, len(claims)))).value
    except GenerationError as error:
        failed = DimensionScore(value=None, weight=0, reason=str(error))
        return {"groundedness": failed, "consistency": failed}
    paths = {f"C{number}": path for number, (path, _) in claims.items()} | {"D": "demographics"}
    return {
        "groundedness": _groundedness(said, paths, sourced=given.report is not None),
        "consistency": _consistency(said, paths),
    }


def question(persona: Persona, corpus: Corpus | None, checked: CheckedPersona | None, hide: Hide) -> Prompt:
    """What the model is asked about one persona."""
    known = ", ".join(f"{key}: {value}" for key, value in persona.demographics.items()) or "none"
    lines = [f"Demographics: {_line(known, hide)}"]
    told = checked.by_path() if checked else {}
    for number, (path, claim) in enumerate(persona.claims(), 1):
        lines.append(f"[C{number}] ({path.partition('[')[0].replace('_', ' ')}) {_line(claim.text, hide)}")
        quotes = _quotes(claim, told.get(path, ()), corpus)
        lines += [f"- “{_line(quote, hide)}”" for quote in quotes] or ["- nothing"]
    return fill("judge", max_tokens=4000, seed=0, data="\n".join(lines))


def _quotes(claim: Claim, checked: Sequence[CheckedEvidence], corpus: Corpus | None) -> list[str]:
    """What may be shown of a claim's evidence: found quotes in their context, or without a report the quotes as they are."""
    found = [each for each in checked if each.tier is not Tier.missing]
    if corpus is not None:
        return [_in_context(each, corpus) for each in found]
    missing = {each.quote for each in checked if each.tier is Tier.missing}
    return [each.quote for each in claim.evidence if each.quote not in missing]


def _in_context(evidence: CheckedEvidence, corpus: Corpus) -> str:
    position = corpus.position(evidence.segment) if evidence.segment else None
    if position is None or not corpus.quotable(position):
        return evidence.quote
    text = corpus.columns.texts[position]
    at = max(0, text.find(evidence.quote))
    spare = max(0, _AROUND - len(evidence.quote)) // 2
    return text[max(0, at - spare) : at + len(evidence.quote) + spare]


def _line(text: str, hide: Hide) -> str:
    """One line of material that cannot end the data."""
    return " ".join(hide(text).split()).replace("</data", "< /data").replace("<data", "< data")


def _fault(claims: int, said: Judgement) -> str | None:
    judged = {each.claim.strip("[] ") for each in said.verdicts}
    left = [f"C{number}" for number in range(1, claims + 1) if f"C{number}" not in judged]
    return f"verdicts are missing for {', '.join(left)}" if left else None


def _groundedness(said: Judgement, paths: Mapping[str, str], *, sourced: bool) -> DimensionScore:
    verdicts = {each.claim.strip("[] "): each for each in said.verdicts if each.claim.strip("[] ") in paths}
    verdicts.pop("D", None)
    if not sourced or not verdicts:
        why = "no sources were given" if not sourced else "there are no claims to judge"
        return DimensionScore(value=None, weight=0, reason=why)
    value = 100 * sum(_WORTH[each.verdict] for each in verdicts.values()) / len(verdicts)
    doubted = [each for each in verdicts.values() if each.verdict != "supported"]
    reasons = [f"{paths[each.claim.strip('[] ')]}: {each.reason}" for each in doubted]
    return DimensionScore(value=round(value, 1), weight=0, reason="; ".join(reasons) or None)


def _consistency(said: Judgement, paths: Mapping[str, str]) -> DimensionScore:
    pairs = [
        (paths[first], paths[second], each.reason)
        for each in said.contradictions
        if (first := each.first.strip("[] ")) in paths
        and (second := each.second.strip("[] ")) in paths
        and first != second
    ]
    value = max(0.0, 100 - _PER_CONTRADICTION * len(pairs))
    reasons = [f"{first} against {second}: {reason}" for first, second, reason in pairs]
    return DimensionScore(value=round(value, 1), weight=0, reason="; ".join(reasons) or None)
