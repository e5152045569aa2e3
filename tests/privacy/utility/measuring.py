"""How private scripts are and how far one can still tell which persona each is of, on turns that nothing was made from."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import anyio

from persona_core.abstraction import abstract
from persona_core.auditing import Auditor
from persona_core.models import Corpus, Persona, SynthesisOptions
from persona_core.models.corpus import Columns, Role
from persona_core.models.script import Guidelines, Identity, Script, ScriptFormat
from persona_core.pipeline import generate
from persona_core.rendering.scripts import render_script
from persona_core.similarity import Vocabulary, cosines
from persona_core.text import content_stems, fold

Terms = Callable[[str], list[str]]


def stems(text: str) -> list[str]:
    """The stems of words that carry content."""
    return content_stems(text)


def letters(text: str) -> list[str]:
    """Runs of four letters."""
    folded = fold(text).text
    return [folded[i : i + 4] for i in range(len(folded) - 3)]


MATCHERS: dict[str, Terms] = {"words": stems, "letters": letters}


@dataclass(frozen=True)
class Measured:
    """What came of the scripts of one set of personas."""

    scripts: int
    matched: dict[str, int]
    """By matcher, the scripts whose own participants' held-out turns are the nearest."""
    alike: float
    """Cosine of the two scripts that are most alike, over content words."""
    leakage: float
    """Of the script that leaks most."""
    passed: int
    withheld: float
    """Share of the claims that stayed out."""


def half(corpus: Corpus, which: int, seed: int | None = None) -> Corpus:
    """Every other turn of each participant, `which` 0 or 1, or those drawn with a seed; interviewers' turns all."""
    turns: dict[str, int] = {}
    drawn = random.Random(seed)
    kept = []
    for i in range(len(corpus)):
        who = corpus.participant(i)
        if who is None:
            kept.append(i)
            continue
        turns[who] = turns.get(who, -1) + 1
        if (turns[who] if seed is None else drawn.getrandbits(1)) % 2 == which:
            kept.append(i)
    return Corpus(
        corpus.sources, corpus.people, _chosen(corpus.columns, kept), corpus.notices, corpus.withheld
    )


def _chosen(columns: Columns, kept: Sequence[int]) -> Columns:
    chosen: dict[str, Any] = {}
    for field in fields(columns):
        value = getattr(columns, field.name)
        if isinstance(value, array):
            chosen[field.name] = array(value.typecode, [value[i] for i in kept])
        elif isinstance(value, dict):
            chosen[field.name] = {new: value[old] for new, old in enumerate(kept) if old in value}
        else:
            chosen[field.name] = [value[i] for i in kept] if field.name == "texts" else value
    return Columns(**chosen)


def measure(corpus: Corpus, count: int, which: int = 0, k: int = 3, seed: int | None = None) -> Measured:
    """Make personas and scripts of one half of the turns, and match the scripts to people by the other half."""
    seen, unseen = half(corpus, which, seed), half(corpus, 1 - which, seed)
    personas = anyio.run(generate, seen, None, SynthesisOptions(count=count)).personas
    scripts = [abstract(persona, seen, k=k) for persona in personas]
    texts = [str(render_script(unnamed(script), ScriptFormat.system_prompt)) for script in scripts]
    plain = [str(render_script(nameless(script), ScriptFormat.system_prompt)) for script in scripts]
    auditor = Auditor(corpus, k=k)
    audits = [
        auditor.audit(text, persona=persona, demographics=script.identity.demographics)
        for text, persona, script in zip(texts, personas, scripts, strict=True)
    ]
    told = [script.provenance.withheld for script in scripts]
    return Measured(
        scripts=len(scripts),
        matched={name: _matched(plain, personas, unseen, terms) for name, terms in MATCHERS.items()},
        alike=_alike(plain),
        leakage=max(audit.leakage for audit in audits),
        passed=sum(audit.passed for audit in audits),
        withheld=sum(each.claims for each in told) / max(1, sum(each.of for each in told)),
    )


def unnamed(script: Script) -> Script:
    """The script with another name: its own was made to be absent from one half only."""
    return Script.model_validate_json(script.model_dump_json().replace(script.identity.name, "Somebody"))


def nameless(script: Script) -> Script:
    """What a script says the persona is, wants and knows: no name, title or demographics, no rules, no unknown topics."""
    known = script.knowledge_boundaries.model_copy(update={"doesnt_know": ()})
    return unnamed(script).model_copy(
        update={
            "identity": Identity(name="Somebody"),
            "guidelines": Guidelines(),
            "knowledge_boundaries": known,
        }
    )


def _matched(texts: Sequence[str], personas: Sequence[Persona], unseen: Corpus, terms: Terms) -> int:
    """Count the scripts that are nearest to their own people: the mean of their participants' TF-IDF vectors.

    Rows and columns are centred: who talks about everything is near to every script, which says nothing of any.
    """
    import numpy as np

    said: dict[str, list[str]] = {person.code: [] for person in unseen.people}
    for i in range(len(unseen)):
        if unseen.role(i) is Role.participant and (who := unseen.participant(i)):
            said[who] += terms(unseen.columns.texts[i])
    vocabulary = Vocabulary(said.values(), least=2)
    rows = vocabulary.vectors(list(said.values()))
    place = {code: n for n, code in enumerate(said)}
    groups = [
        np.asarray(rows[[place[code] for code in each.participants]].mean(axis=0)).ravel()
        for each in personas
    ]
    people = np.array([group / (np.linalg.norm(group) or 1) for group in groups])
    likeness = np.asarray(vocabulary.vectors([terms(text) for text in texts]) @ people.T)
    likeness = likeness - likeness.mean(axis=0, keepdims=True) - likeness.mean(axis=1, keepdims=True)
    return int((likeness.argmax(axis=1) == np.arange(len(texts))).sum())


def _alike(texts: Sequence[str]) -> float:
    import numpy as np

    documents = [stems(text) for text in texts]
    rows = Vocabulary(documents).vectors(documents)
    likeness = np.asarray(cosines(rows, rows))
    np.fill_diagonal(likeness, 0)
    return float(likeness.max())
