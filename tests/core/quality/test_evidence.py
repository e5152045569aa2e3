"""Evidence: what found, missing, false and unrelated quotes do to its value."""

import random

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.loading import load
from persona_core.models import FACETS, Claim, Corpus, Evidence, Persona, PersonaSet
from persona_core.models.report import Finding
from persona_core.pipeline import generate, given_to_quality, score, vectors_of
from persona_core.quality import Configuration, Given
from persona_core.quality.evidence import DIMENSION
from persona_core.testing import sample_corpus
from persona_core.verification import hashed, verify

CORPUS = sample_corpus()
MADE = anyio.run(generate, CORPUS)
INVENTED = (
    "The submarine sings to the moon each Tuesday.",
    "Our choir rehearses in Latin every second spring.",
    "I keep three goats and an ancient tractor.",
    "My kayak has a hole the size of a coin.",
)
SAID = [(CORPUS.segment_id(i), CORPUS.columns.texts[i]) for i in range(len(CORPUS)) if CORPUS.participant(i)]


def measured(*personas, corpus: Corpus | None = CORPUS):
    """What the dimension says of each."""
    return DIMENSION.measure(given_to_quality(PersonaSet(personas=personas), corpus))


def value(persona: Persona) -> float:
    """Its value."""
    return measured(persona)[0].value


def reasons(persona: Persona) -> dict[str, str]:
    """What points were lost for, by path."""
    return {each.path: each.message for each in measured(persona)[0].deductions}


def cited(text: str, *, by: str | None = None) -> Evidence:
    """A quote from where it stands in the sample."""
    found = next(segment for segment, said in SAID if text in said)
    return Evidence(quote=text, segment=found, participant=by)


def with_evidence(persona: Persona, evidence) -> Persona:
    """The persona with other evidence for every claim, made from its path and the claim."""
    claims = {
        path: claim.model_copy(update={"evidence": tuple(evidence(path, claim))})
        for path, claim in persona.claims()
    }
    facets = {
        facet: tuple(claims[f"{facet}[{i}]"] for i in range(len(getattr(persona, facet))))
        for facet in (*FACETS, "quotes")
    }
    return persona.model_copy(update={**facets, "headline": claims.get("headline")})


NONE = [with_evidence(persona, lambda *_: ()) for persona in MADE.personas]

RIDER = Persona(
    id="rider",
    name="Rider",
    participants=("P01", "P03"),
    goals=(
        Claim(
            text="Wants to get home without thinking",
            evidence=(cited("I just want to get home without having to think about it."),),
        ),
        Claim(text="Pays as little as possible", evidence=(cited("I want to pay the least"),)),
    ),
    pain_points=(
        Claim(text="Confused by off-peak rules", evidence=(cited("The off-peak rules are confusing"),)),
        Claim(
            text="The ticket won't load without signal", evidence=(cited("There is no signal at the stop"),)
        ),
    ),
)


def quoting(*evidence: Evidence, text: str = "Confused by off-peak rules", **changed) -> Persona:
    """The rider whose first pain point has other evidence."""
    claim = Claim(text=text, evidence=evidence, **changed)
    return RIDER.model_copy(update={"pain_points": (claim, RIDER.pain_points[1])})


class TestWhatIsMeasured:
    def test_without_sources_it_is_unscored(self):
        """Nobody can tell whether a quote is true."""
        measure = measured(*MADE.personas, corpus=None)[0]
        assert measure.value is None
        assert measure.unscored == "no sources were given"

    def test_personas_made_from_the_sources_are_well_evidenced(self):
        """However few the participants."""
        assert min(each.value for each in measured(*MADE.personas)) >= 85

    def test_what_a_persona_says_of_its_evidence_is_not_believed(self):
        """Declared tiers, likeness and support change nothing."""

        def boasting(_path, claim):
            told = {"tier": "exact", "similarity": 1.0, "extra": {"confidence": 0.99}}
            return tuple(each.model_copy(update=told) for each in claim.evidence)

        invented = with_evidence(RIDER, lambda *_: [Evidence(quote=INVENTED[0])])
        assert value(with_evidence(invented, boasting)) == value(invented)

    def test_the_order_of_personas_changes_nothing(self):
        """Each has the same measure in any order."""
        shuffled = random.Random(1).sample(MADE.personas, len(MADE.personas))
        again = dict(zip([each.id for each in shuffled], measured(*shuffled), strict=True))
        told = dict(zip([each.id for each in MADE.personas], measured(*MADE.personas), strict=True))
        assert again == told

    def test_points_lost_explain_the_value(self):
        """Every point has a place and a message."""
        broken = with_evidence(RIDER, lambda *_: [Evidence(quote=INVENTED[0])])
        for persona in (*MADE.personas, *NONE, RIDER, broken):
            measure = measured(persona)[0]
            assert all(each.points > 0 and each.message for each in measure.deductions)
            assert measure.value == 100 or measure.deductions


class TestQuotes:
    def test_a_claim_without_evidence_loses_points_at_its_place(self):
        """And is told so."""
        assert "nothing is cited" in reasons(quoting())["pain_points[0]"]
        assert value(quoting()) < value(RIDER)

    def test_an_invented_quote_costs_more_than_none(self):
        """And it is said where it stands."""
        invented = quoting(Evidence(quote=INVENTED[0]))
        assert "was not found in the sources" in reasons(invented)["pain_points[0]"]
        assert value(invented) < value(quoting())

    def test_a_persona_that_claims_nothing_rests_on_nothing(self):
        """There is nothing to be found."""
        measure = measured(Persona(id="empty", name="Empty"))[0]
        assert measure.value < 40
        assert [each.caps for each in measure.deductions] == [True]

    def test_the_words_of_another_participant_do_not_count(self):
        """Neither as the cited one's, nor as those of somebody whom the persona does not stand for."""
        lift = "The lift was out of order."
        assert "not one of this persona" in reasons(quoting(cited(lift)))["pain_points[0]"]
        assert "another participant" in reasons(quoting(cited(lift, by="P01")))["pain_points[0]"]
        assert value(quoting(cited(lift))) < value(quoting())
        assert value(quoting(cited(lift, by="P01"))) < value(quoting())

    def test_a_question_is_no_evidence(self):
        """An interviewer's words are nobody's who is represented."""
        asked = Evidence(quote="How do you get to work?")
        assert verify(PersonaSet(personas=(quoting(asked),)), CORPUS).personas[0].claims[2].evidence[
            0
        ].finding is (Finding.not_a_participant)
        assert "interviewer" in reasons(quoting(asked))["pain_points[0]"]

    def test_a_segment_that_does_not_exist_costs_points(self):
        """Though the words stand elsewhere; the more of them, the more."""
        true = RIDER.pain_points[0].evidence[0]
        lost = true.model_copy(update={"segment": "nowhere.md#9"})
        assert "does not exist" in reasons(quoting(lost))["pain_points[0]"]
        assert value(RIDER) > value(quoting(lost)) > value(quoting())
        empty = [Evidence(quote="", segment=f"nowhere.md#{i}") for i in range(3)]
        assert value(RIDER) > value(quoting(true, empty[0])) > value(quoting(true, *empty))

    def test_a_file_that_is_not_there_costs_points(self):
        """Other tools cite files and lines; one of another folder may be the same."""
        quote = "The off-peak rules are confusing"
        there, nowhere = (Evidence(quote=quote, extra={"file": each}) for each in ("a/b/P03.vtt", "none.txt"))
        assert value(quoting(nowhere)) < value(quoting(Evidence(quote=quote)))
        assert value(quoting(Evidence(quote=quote, extra={"file": "P03.vtt"}))) == value(RIDER)
        assert value(quoting(there)) <= value(RIDER)

    def test_a_place_without_words_costs_points(self):
        """Nothing can be looked up."""
        bare = Evidence(quote="", extra={"file": "interviews/P03.vtt", "line": 9})
        assert "a place is cited without any words" in reasons(quoting(bare))["pain_points[0]"]
        assert value(quoting(bare)) < value(quoting())

    def test_a_nearly_found_quote_counts_nearly(self):
        """It says so, until the quote is replaced by the source's words."""
        near = Evidence(quote="The off-peak rules are very confusing, and I got a penalty.")
        assert "only nearly found" in reasons(quoting(near))["pain_points[0]"]
        assert value(RIDER) - 3 < value(quoting(near)) < value(RIDER)

    def test_words_that_nobody_can_be_told_to_have_said_count_half(self):
        """They stand in the sources: that is no invention, and caps nothing."""
        turns = [
            ("A", "The boiler hums all night and nobody mends it."),
            ("B", "I pay by card at the counter, as the machine eats coins."),
        ]
        said = "\n\n".join(f"{who}: {what}" for who, what in turns * 6)
        corpus = load([("talk.txt", said.encode())])
        assert not any(corpus.participant(i) for i in range(len(corpus)))
        claim = Claim(text=turns[0][1], evidence=(Evidence(quote=turns[0][1]),))
        measure = measured(Persona(id="a", name="A", goals=(claim,)), corpus=corpus)[0]
        assert [each.message for each in measure.deductions] == [
            "nobody can tell who said what is quoted: name who asks and who answers"
        ]
        assert measure.value == 65

    def test_evidence_against_a_claim_costs_nothing(self):
        """Who says honestly what contradicts a claim is not punished; who invents it is."""
        against = cited("I ride when a fare is cheap")
        true = RIDER.pain_points[0].evidence
        assert value(quoting(*true, against=(against,))) == value(RIDER)
        assert value(quoting(*true, against=(Evidence(quote=INVENTED[0]),))) < value(RIDER)

    def test_no_quote_found_at_all_caps_the_overall_score(self):
        """Whatever else is good; a single true one lifts the cap."""
        invented = with_evidence(RIDER, lambda *_: [Evidence(quote=INVENTED[0])])
        for persona in (invented, with_evidence(RIDER, lambda *_: [])):
            assert any(each.caps for each in measured(persona)[0].deductions)
            assert score(PersonaSet(personas=(persona,)), CORPUS).personas[0].overall <= 39
        assert not any(each.caps for each in measured(quoting(Evidence(quote=INVENTED[0])))[0].deductions)


class TestSupport:
    def test_a_true_quote_cited_for_something_else_loses_points(self):
        """It is worth more than nothing, and less than one that bears on the claim."""
        unrelated = quoting(cited("I cycle when it isn't."))
        assert "bear on the claim" in reasons(unrelated)["pain_points[0]"]
        assert value(quoting()) < value(unrelated) < value(RIDER)

    def test_quotes_that_changed_places_lose_points(self):
        """Every quote is true, and none is where it belongs."""
        for persona in MADE.personas:
            evidence = {path: claim.evidence for path, claim in persona.claims()}
            moved = dict(zip(evidence, [*list(evidence.values())[1:], evidence["headline"]], strict=True))
            assert (
                value(with_evidence(persona, lambda path, _, moved=moved: moved[path])) < value(persona) - 5
            )

    def test_a_claim_restated_in_the_third_person_is_supported(self):
        """As is one that is its own quote."""
        restated = quoting(
            cited("The off-peak rules are confusing"), text="Is confused by the off-peak rules"
        )
        assert value(restated) == 100
        verbatim = quoting(cited("I got a penalty"), text="I got a penalty")
        assert value(verbatim) == 100

    def test_what_was_said_around_a_quote_is_looked_at(self):
        """In a long turn not all of it, and for a quote with other punctuation, too."""
        talk = " ".join(f"Then I told them about thing number {i} and what came of it." for i in range(40))
        said = f"{talk} The lift stood still for weeks. I carried the pram up. {talk}"
        files = [
            (f"P{i}.md", f"Interviewer: Go on?\n\nParticipant: {text}\n".encode())
            for i, text in enumerate([said, *(f"{text} {i}" for i, (_, text) in enumerate(SAID))])
        ]
        corpus = load(files)
        quotes = ("I carried the pram up.", "i carried the PRAM up", "Then I told them about thing number 3")
        claims = [Claim(text="The lift stands still", evidence=(Evidence(quote=each),)) for each in quotes]
        personas = [Persona(id=str(i), name="A", needs=(each,)) for i, each in enumerate(claims)]
        exact, normalised, far = (each.value for each in measured(*personas, corpus=corpus))
        assert exact == normalised > far

    def test_meaning_counts_where_an_embedder_gives_it(self):
        """A claim in other words than its quote is supported by what vectors say."""
        reworded = quoting(cited("I got a penalty"), text="Has been charged extra")
        personas = PersonaSet(personas=(reworded,))
        near = anyio.run(vectors_of, personas, _Meaning("penalty", "charged"), CORPUS)
        plain, meant = (score(personas, CORPUS, vectors=each).personas[0] for each in (None, near))
        assert meant.dimensions["evidence"].value > plain.dimensions["evidence"].value
        assert "with meaning" in meant.dimensions["evidence"].details["support_measured"]

    def test_it_wants_vectors_of_a_bounded_number_of_texts(self):
        """Each once."""
        personas = PersonaSet(personas=tuple(RIDER.model_copy(update={"id": str(i)}) for i in range(900)))
        wanted = list(DIMENSION.texts(given_to_quality(personas, CORPUS)))
        assert len(wanted) == len(set(wanted)) <= 2000
        assert list(DIMENSION.texts(Given((RIDER,), Configuration()))) == []

    def test_what_wants_vectors_is_the_same_in_any_order(self):
        """Whichever persona comes first."""
        one, other = (list(DIMENSION.texts(given_to_quality(each, CORPUS))) for each in (MADE, _turned(MADE)))
        assert one == other


def _turned(personas: PersonaSet) -> PersonaSet:
    return personas.model_copy(update={"personas": personas.personas[::-1]})


class _Meaning:
    """An embedder that knows of one thing only."""

    model = "one-thing"

    def __init__(self, *about: str) -> None:
        self.about = about

    async def embed(self, texts):
        return [[1.0, 0.0] if any(word in text for word in self.about) else [0.0, 1.0] for text in texts]


class TestSpread:
    def test_one_who_gives_nearly_every_quote_costs_points(self):
        """A persona of six that rests on one is told so."""
        six = tuple(person.code for person in CORPUS.people)
        mine = [segment for segment in CORPUS if segment.participant == "P01"]
        claims = tuple(
            Claim(text=each.text, evidence=(Evidence(quote=each.text, segment=each.id),)) for each in mine
        )
        persona = Persona(id="one", name="One", participants=six, goals=claims)
        told = " ".join(each.message for each in measured(persona)[0].deductions)
        assert "only 1 of its 6 participants is quoted" in told
        assert "rest on one participant alone" in told
        assert value(persona.model_copy(update={"participants": ("P01",)})) == 100

    def test_one_source_of_several_costs_little(self):
        """Whose participants speak in more than one is asked to quote more than one."""
        one = tuple(each for each in RIDER.goals if each.evidence[0].segment.startswith("interviews/P03"))
        persona = RIDER.model_copy(update={"participants": ("P03",), "goals": one, "pain_points": ()})
        assert "all quotes come from one source" in reasons(persona)[""]
        assert value(persona) == 98

    def test_participants_of_whom_the_sources_know_nothing_are_no_reason(self):
        """Codes of another tool: its quotes count, for whomever they are of."""
        assert value(RIDER.model_copy(update={"participants": ("user-17", "user-18")})) == value(RIDER)

    def test_participants_go_by_what_the_data_calls_them(self):
        """Case is no difference."""
        assert value(RIDER.model_copy(update={"participants": ("p01", "p03")})) == value(RIDER)


class TestTheReportAlone:
    def test_it_says_what_the_sources_say(self):
        """But for support, which is told from the quotes in the personas file, or left out."""
        report = hashed(verify(MADE, CORPUS))
        measures = DIMENSION.measure(given_to_quality(MADE, report=report))
        assert min(each.value for each in measures) >= 85
        assert all("support_measured" in each.details for each in measures)

    def test_few_quotes_tell_no_chance(self):
        """Then support is left out, and it is said."""
        personas = PersonaSet(personas=(quoting(cited("I cycle when it isn't.")),))
        measure = DIMENSION.measure(given_to_quality(personas, report=hashed(verify(personas, CORPUS))))[0]
        assert measure.details["support_measured"].startswith("not measured")
        assert measure.value == 100

    def test_false_quotes_are_false_there_too(self):
        """Invented, or of somebody else."""
        for wrong in (Evidence(quote=INVENTED[0]), cited("The lift was out of order.")):
            personas = PersonaSet(personas=(quoting(wrong),))
            report = hashed(verify(personas, CORPUS))
            alone = DIMENSION.measure(given_to_quality(personas, report=report))[0].value
            assert alone == pytest.approx(value(personas.personas[0]), abs=0.1)


@st.composite
def personas(draw) -> Persona:
    """A persona of the sample whose evidence is partly taken away, partly false."""
    persona = draw(st.sampled_from(MADE.personas))
    wrong = [
        Evidence(quote=INVENTED[0]),
        cited("I cycle when it isn't."),
        cited("The fares change", by="P01"),
    ]

    def changed(_path, claim):
        more = draw(st.lists(st.sampled_from(wrong), max_size=2))
        return [*(claim.evidence if draw(st.booleans()) else ()), *more]

    return with_evidence(persona, changed)


def adding(persona: Persona, place: int, more: list[Evidence]) -> Persona:
    """The persona with more evidence for one of its claims."""
    paths = [path for path, _ in persona.claims()]
    wanted = paths[place % len(paths)]
    return with_evidence(persona, lambda path, claim: [*claim.evidence, *(more if path == wanted else ())])


@settings(max_examples=60, deadline=None)
@given(personas(), st.integers(0, 30), st.lists(st.sampled_from(INVENTED), min_size=1, max_size=4))
def test_more_invented_quotes_never_raise_the_value(persona, place, quotes):
    """Wherever they are put."""
    more = [Evidence(quote=quote, participant="P01", segment="survey.csv#1") for quote in quotes]
    assert value(adding(persona, place, more)) <= value(persona)


@settings(max_examples=60, deadline=None)
@given(personas(), st.integers(0, 30), st.sampled_from(SAID))
def test_more_true_evidence_never_lowers_the_value(persona, place, said):
    """What one of its participants said, whoever of them, and however often they are quoted already."""
    segment, text = said
    by = CORPUS.participant(CORPUS.position(segment))
    persona = persona.model_copy(update={"participants": tuple({*persona.participants, by})})
    assert value(adding(persona, place, [Evidence(quote=text, segment=segment)])) >= value(persona)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(range(len(NONE))), st.lists(st.sampled_from(INVENTED), min_size=1, max_size=3))
def test_citing_falsely_is_worse_than_citing_nothing(i, quotes):
    """However many are invented for each claim."""
    invented = with_evidence(NONE[i], lambda *_: [Evidence(quote=quote) for quote in quotes])
    assert value(invented) < value(NONE[i])
