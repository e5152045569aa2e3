"""Claims put anew by a model, as often as the audit finds something, at most so many times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from persona_core.abstraction.boundaries import guidelines, topics
from persona_core.abstraction.counted import group_of, spoken_by, spoken_in
from persona_core.abstraction.profile import by_facet, facet_claims
from persona_core.abstraction.spoken import Spoken
from persona_core.asking import ask
from persona_core.models.audit import Audit
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Claim, Persona
from persona_core.models.script import Script, Withheld
from persona_core.prompts import fill
from persona_core.provider import Provider
from persona_core.text import content_stems, stem, words

_ROUNDS = 3
_LONGEST = 30
"""Words of a sentence, at most."""
_IN_A_ROW = 4
"""So many words of the claim's or of its evidence in a row, stop words left out, are somebody's own."""
_TERMS = 20
_TOKENS = 2_000
Judge = Callable[[Script], Audit]
Hide = Callable[[str], str]


class Sentence(BaseModel):
    """One claim, put anew."""

    model_config = ConfigDict(extra="ignore")

    alias: str
    sentence: str


class Sentences(BaseModel):
    """What the model answers."""

    model_config = ConfigDict(extra="ignore")

    sentences: list[Sentence]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A claim under its alias."""

    path: str
    claim: Claim


async def re_expressed(
    script: Script,
    persona: Persona,
    corpus: Corpus | None,
    provider: Provider,
    judge: Judge,
    *,
    hide: Hide = str,
    rounds: int = _ROUNDS,
) -> Script:
    """Have a model put the claims anew in an abstracted `script`; what `judge` still finds fault with after `rounds` stays out.

    `hide` takes out of a text what must not be sent; `judge` renders and audits a script. The model hears which of its
    sentences were found, and what kind of thing was found, never the words. Raises GenerationError where no answer fits
    what was asked, and ProviderError.
    """
    asked = {f"C{n}": _Asked(*each) for n, each in enumerate(facet_claims(persona), 1)}
    k = script.provenance.k
    spoken = spoken_in(corpus) if corpus is not None else spoken_by(persona)
    terms = _terms(spoken, persona, corpus, k)
    taken: dict[str, str] = {}
    left = dict.fromkeys(asked, frozenset[str]())
    for number in range(rounds if asked else 0):
        answered = await _answers(
            provider, {alias: asked[alias] for alias in left}, left, terms, hide, number
        )
        taken |= answered
        left = _own_faults(asked, taken, spoken, k)
        left |= _audited(
            script, asked, {a: said for a, said in taken.items() if said and a not in left}, judge
        )
        left |= {alias: frozenset({"no sentence was given"}) for alias in asked if alias not in taken}
        for alias in left:
            taken.pop(alias, None)
        if not left:
            break
    told = {alias: taken[alias] for alias in asked if taken.get(alias)}
    return _with(script, asked, told, model=provider.model)


def _terms(spoken: Spoken, persona: Persona, corpus: Corpus | None, k: int) -> str:
    known = [term.noun for term in topics(spoken, group_of(persona, corpus), k)[:_TERMS]]
    return ", ".join(known) or "none are known"


async def _answers(
    provider: Provider,
    asked: Mapping[str, _Asked],
    faults: Mapping[str, frozenset[str]],
    terms: str,
    hide: Hide,
    number: int,
) -> dict[str, str]:
    """The model's sentences by alias; aliases that nobody asked for are passed over, missing ones are missing."""
    lines = [
        f"[{alias} {each.path.partition('[')[0]}] {_fenced(hide(each.claim.text))}"
        for alias, each in asked.items()
    ]
    found = [f"{alias}: {', '.join(sorted(kinds))}" for alias, kinds in faults.items() if kinds]
    told = (
        "\nYour last sentences for these were refused, for the kind of thing that is named. Put them more generally:\n"
        + "\n".join(f"- {each}" for each in found)
        + "\n"
        if found
        else ""
    )
    prompt = fill(
        "abstract", max_tokens=_TOKENS, seed=number, terms=terms, findings=told, data="\n".join(lines)
    )
    answer = await ask(provider, prompt, Sentences)
    return {
        each.alias: " ".join(each.sentence.split()) for each in answer.value.sentences if each.alias in asked
    }


def _fenced(text: str) -> str:
    """One line that cannot close the fence around it."""
    return " ".join(text.replace("<", "‹").replace(">", "›").split())


def _audited(
    script: Script, asked: Mapping[str, _Asked], told: Mapping[str, str], judge: Judge
) -> dict[str, frozenset[str]]:
    """What the audit finds in which sentence, by kind; it is asked of each alone where it finds anything in all."""
    if not told:
        return {}
    bare = _kinds(judge(_with(script, asked, {})))
    if _kinds(judge(_with(script, asked, told))) == bare:
        return {}
    found = {alias: _kinds(judge(_with(script, asked, {alias: said}))) - bare for alias, said in told.items()}
    return {alias: frozenset(kinds) for alias, kinds in found.items() if kinds}


def _kinds(audit: Audit) -> Counter[str]:
    return Counter(each.kind for each in audit.findings)


def _own_faults(
    asked: Mapping[str, _Asked], taken: Mapping[str, str], spoken: Spoken, k: int
) -> dict[str, frozenset[str]]:
    """What can be told without an audit, by alias."""
    found = {alias: _faults(said, asked[alias].claim, spoken, k) for alias, said in taken.items() if said}
    return {alias: kinds for alias, kinds in found.items() if kinds}


def _faults(sentence: str, claim: Claim, spoken: Spoken, k: int) -> frozenset[str]:
    """The claim's words in a row or such as few people use; numbers, tokens in place of names, more than a plain sentence."""
    found = set()
    sources = [claim.text, *(each.quote for each in claim.cited)]
    if set(_runs(sentence)) & {run for source in sources for run in _runs(source)}:
        found.add("verbatim")
    own = {stem(word) for source in sources for word in words(source)}
    if not spoken.all_said(" ".join(word for word in words(sentence) if stem(word) in own), k):
        found.add("a word that few use")
    if re.search(r"\d|\[[A-Z]+_?\d*\]|@|https?:", sentence):
        found.add("identifier")
    if re.search(r"[\"“”{}<>\n]", sentence) or len(words(sentence)) > _LONGEST:
        found.add("not one plain sentence")
    return frozenset(found)


def _runs(text: str) -> list[tuple[str, ...]]:
    stems = content_stems(text)
    return [tuple(stems[i : i + _IN_A_ROW]) for i in range(len(stems) - _IN_A_ROW + 1)]


def _with(
    script: Script, asked: Mapping[str, _Asked], told: Mapping[str, str], model: str | None = None
) -> Script:
    """The script with these sentences in its profile, and how many claims stayed out."""
    facets = by_facet((asked[alias].path, _ended(sentence)) for alias, sentence in told.items())
    withheld = Withheld(
        claims=len(asked) - len(told), of=len(asked), demographics=script.provenance.withheld.demographics
    )
    k, knows = script.provenance.k, script.knowledge_boundaries.knows
    return script.model_copy(
        update={
            "psychological_profile": script.psychological_profile.model_copy(update=dict(facets)),
            "guidelines": guidelines(script.identity.name, withheld, k, empty=not told and not knows),
            "provenance": script.provenance.model_copy(update={"withheld": withheld, "model": model}),
        }
    )


def _ended(sentence: str) -> str:
    said = sentence if sentence[-1] in ".!?" else sentence + "."
    return said[:1].upper() + said[1:]
