"""Sets of personas to render."""

from persona_core.models import Claim, Corpus, CorpusRef, Evidence, Notice, Persona, PersonaSet, Support, Tier
from persona_core.models.scorecard import DimensionScore, Issue, PersonaScore, Scorecard, SetScore

SCRIPT = "<script>alert(1)</script>"


def quoting(corpus: Corpus, words: str, **more) -> Evidence:
    """Evidence for words that stand in a corpus, with where they do."""
    at = next(i for i in range(len(corpus)) if words in corpus.columns.texts[i])
    start = corpus.columns.texts[at].index(words)
    return Evidence(
        quote=words,
        segment=corpus.segment_id(at),
        tier=Tier.exact,
        participant=corpus.participant(at),
        locator=corpus.locator(at, [(start, start + len(words))]),
        **more,
    )


def about(corpus: Corpus) -> PersonaSet:
    """Two personas of the sample study, with counter-evidence, a claim without a quote, and one whom none represents."""
    signal = quoting(corpus, "There is no signal at the stop")
    maya = Persona(
        id="persona-001",
        name="Maya Okafor",
        title="The offline commuter",
        summary="Wants a ticket that works underground.",
        support=Support(participants=2, of=6),
        participants=("P01", "P04"),
        demographics={"age_range": "35-44"},
        headline=Claim(text="h", evidence=(quoting(corpus, "I just want to get home"),)),
        goals=(Claim(text="Wants to get home", evidence=(quoting(corpus, "I just want to get home"),)),),
        pain_points=(
            Claim(
                text="Has no signal at the stop",
                support=Support(participants=1, of=2),
                evidence=(signal,),
                against=(quoting(corpus, "My ticket disappears in the tunnel"),),
            ),
        ),
        behaviours=(Claim(text="Plans ahead", origin="model"),),
        scenario="Maya stands at the stop.",
    )
    lin = Persona(
        id="persona-002",
        name="Lin Ferrari",
        support=Support(participants=3, of=6),
        participants=("P02", "P03", "P06"),
        needs=(
            Claim(text="Needs lifts that work", evidence=(quoting(corpus, "The lift was out of order"),)),
        ),
    )
    return PersonaSet(
        corpus=CorpusRef(participants=6),
        personas=(maya, lin),
        unrepresented=("P05",),
        warnings=(Notice(code="few_participants", message="fewer than 5 participants stand behind Maya"),),
    )


def hostile() -> PersonaSet:
    """A persona whose every string would like to be code, or to be read backwards."""
    bad = SCRIPT + "\u202e{{ 7 * 7 }}&amp;\"' onload=alert(1)"
    claim = Claim(text=bad, evidence=(Evidence(quote=bad, participant=bad, segment=f"{bad}#1"),))
    persona = Persona(
        id=bad,
        name=bad,
        title=bad,
        summary=bad,
        participants=(bad,),
        demographics={bad: bad},
        headline=claim,
        goals=(claim,),
        context=(claim.model_copy(update={"text": "other", "against": claim.evidence}),),
        scenario=bad,
    )
    return PersonaSet(personas=(persona,), unrepresented=(bad,), warnings=(Notice(code="x", message=bad),))


def scored(personas: PersonaSet) -> Scorecard:
    """A scorecard with a score, a dimension nobody could measure, and an issue."""
    measured = {
        "consistency": DimensionScore(value=72.5, weight=0.5),
        "evidence": DimensionScore(value=None, weight=0.5, reason="no sources were given"),
    }
    issue = Issue(dimension="consistency", path="goals[0]", message="says two things", points=27.5)
    each = [
        PersonaScore(
            id=p.id, name=p.name, overall=72.5, level="acceptable", dimensions=measured, issues=(issue,)
        )
        for p in personas.personas
    ]
    return Scorecard(
        versions={},
        weights={"consistency": 0.5, "evidence": 0.5},
        unscored={"evidence": "no sources were given"},
        set=SetScore(overall=72.5, level="acceptable", dimensions={"consistency": 72.5, "evidence": None}),
        personas=tuple(each),
    )
