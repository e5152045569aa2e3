"""Quotes against a corpus: one test a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona_core.errors import CorpusMismatchError
from persona_core.loading import load, read_back
from persona_core.models import (
    CheckedEvidence,
    Claim,
    Corpus,
    CorpusRef,
    Evidence,
    Finding,
    Persona,
    PersonaSet,
    SourceRef,
    Tier,
)
from persona_core.verification import Finder, repaired, verify

SURVEY = """participant_id,What slows you down most in your daily work?,Anything else you want to tell us?
A1,"I don’t trust the numbers since the last audit, so I count again.",The export takes me forty minutes every Friday.
A2,"Waiting for approval, every single week, from three different people.",The export takes me forty minutes every Friday.
A3,My manager changes the plan after we have started and nobody tells us.,Too expensive
A4,We are short of people in the mornings and that is all there is to it.,Too expensive
A5,I count again because the numbers do not match the shelves at all.,Salesforce
"""
INTERVIEW = """Interviewer: How do you decide which supplier gets the order in the end?

Participant: I compare the prices by hand in a spreadsheet. It takes most of the morning and I hate every minute of it.

Interviewer: So you compare every supplier by hand before you place an order?

Participant: Yes, nobody has ever shown me a better way to do it.
"""
UNKNOWN = """Robin: The old scanner was faster than the new one by a wide margin.

Sasha: The batteries are empty before the end of every shift.

Robin: They never last, and the chargers are always taken by somebody.

Sasha: Somebody should label the chargers with our names on them.
"""
REGISTER = "participant,quote_ok\nA1,yes\nA2,yes\nA3,yes\nA4,no\nA5,yes\nP09,yes\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    (folder / "survey.csv").write_text(SURVEY, "utf-8")
    (folder / "P09-interview.md").write_text(INTERVIEW, "utf-8")
    (folder / "floor.txt").write_text(UNKNOWN, "utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    register = folder.parent / "participants.csv"
    register.write_text(REGISTER, "utf-8")
    return load(folder, participants=register)


def position(corpus: Corpus, words: str, participant: str | None = None) -> int:
    return next(
        i
        for i, text in enumerate(corpus.columns.texts)
        if words in text and participant in {None, corpus.participant(i)}
    )


def at(corpus: Corpus, words: str, participant: str | None = None) -> str:
    return corpus.segment_id(position(corpus, words, participant))


def personas(*evidence: Evidence, participants: tuple[str, ...] = ()) -> PersonaSet:
    claims = tuple(Claim(text="a claim", evidence=(each,)) for each in evidence)
    return PersonaSet(personas=(Persona(id="p", name="P", goals=claims, participants=participants),))


def check(corpus: Corpus, evidence: Evidence, participants: tuple[str, ...] = ()) -> CheckedEvidence:
    report = verify(personas(evidence, participants=participants), corpus)
    (checked,) = report.personas[0].claims[0].evidence
    wrong = {Finding.wrong_participant, Finding.not_a_participant}
    counted = "wrong_participant" if checked.finding in wrong else checked.tier.value
    assert getattr(report.counts, counted) == report.counts.total == 1
    return checked


def test_an_exact_quote_is_found_where_it_is_cited(corpus: Corpus, folder: Path) -> None:
    """A hit names segment, participant and a place from which the words can be read back."""
    cited = at(corpus, "compare the prices")
    checked = check(corpus, Evidence(quote="It takes most of the morning", segment=cited))
    assert (checked.tier, checked.segment, checked.participant, checked.finding) == (
        Tier.exact,
        cited,
        "P09",
        None,
    )
    assert checked.locator is not None
    assert (
        read_back(checked.locator, (folder / "P09-interview.md").read_bytes())
        == "It takes most of the morning"
    )


@pytest.mark.parametrize("cited", [True, False])
@pytest.mark.parametrize(
    ("quote", "tier"),
    [
        ("I don't trust the numbers since the last audit", Tier.normalised),
        ("I don’t trust the figures since our last review, so I count again", Tier.missing),
        ("I don’t trust the number since the last audit, so I count again", Tier.near),
    ],
)
def test_tiers_are_kept_in_the_report(corpus: Corpus, quote: str, tier: Tier, cited: bool) -> None:
    """Normalised, near and missing are told apart, with or without a citation."""
    segment = at(corpus, "since the last audit") if cited else None
    assert check(corpus, Evidence(quote=quote, segment=segment)).tier is tier


def test_an_uncited_quote_is_found_anywhere(corpus: Corpus) -> None:
    """Without a citation every participant's words are looked through."""
    checked = check(corpus, Evidence(quote="nobody has ever shown me a better way"))
    assert (checked.tier, checked.participant, checked.finding) == (Tier.exact, "P09", None)


def test_another_participants_words_are_no_support(corpus: Corpus) -> None:
    """Words of somebody else count as wrong participant, and the report says whose they are."""
    said = "My manager changes the plan after we have started"
    checked = check(corpus, Evidence(quote=said, segment=at(corpus, "compare the prices")))
    assert (checked.finding, checked.tier) == (Finding.wrong_participant, Tier.missing)
    assert (checked.participant, checked.segment) == ("A3", at(corpus, said))


@pytest.mark.parametrize("cited", [True, False])
def test_a_cited_participant_must_have_said_it(corpus: Corpus, cited: bool) -> None:
    """A citation that names another participant than its own segment contradicts itself."""
    said = "My manager changes the plan"
    segment = at(corpus, said) if cited else None
    checked = check(corpus, Evidence(quote=said, segment=segment, participant="A1"))
    assert (checked.finding, checked.tier, checked.participant) == (
        Finding.wrong_participant,
        Tier.missing,
        "A3",
    )


@pytest.mark.parametrize("cited", [True, False])
def test_an_interviewers_words_are_no_participants(corpus: Corpus, cited: bool) -> None:
    """What the interviewer asked is nobody's evidence."""
    said = "So you compare every supplier by hand"
    checked = check(corpus, Evidence(quote=said, segment=at(corpus, said) if cited else None))
    assert (checked.finding, checked.tier, checked.participant) == (
        Finding.not_a_participant,
        Tier.missing,
        None,
    )
    assert checked.segment == at(corpus, said)


def test_a_questions_wording_is_no_participants(corpus: Corpus) -> None:
    """The wording of a survey question is nobody's evidence."""
    checked = check(corpus, Evidence(quote="What slows you down most in your daily work"))
    assert (checked.finding, checked.tier) == (Finding.not_a_participant, Tier.missing)


def test_unattributed_words_are_missing(corpus: Corpus) -> None:
    """Words of which nobody can tell who said them are a finding of their own, and missing."""
    checked = check(corpus, Evidence(quote="The batteries are empty before the end of every shift"))
    assert (checked.finding, checked.tier) == (Finding.unattributed, Tier.missing)


def test_another_segment_of_the_same_participant_counts(corpus: Corpus) -> None:
    """A quote that is cited from the wrong place of the right participant is found, and said to be elsewhere."""
    said = "nobody has ever shown me a better way"
    checked = check(corpus, Evidence(quote=said, segment=at(corpus, "compare the prices")))
    assert (checked.tier, checked.finding) == (Tier.exact, Finding.other_segment)
    assert checked.segment == at(corpus, said)


def test_an_unknown_segment_is_looked_past(corpus: Corpus) -> None:
    """A quote with a made-up citation is found elsewhere, or missing because of it."""
    found = check(corpus, Evidence(quote="nobody has ever shown me", segment="P09-interview.md#999"))
    assert (found.tier, found.finding) == (Tier.exact, Finding.other_segment)
    lost = check(corpus, Evidence(quote="I love this product very much", segment="nowhere.md#1"))
    assert (lost.tier, lost.finding, lost.segment) == (Tier.missing, Finding.unknown_segment, "nowhere.md#1")


def test_words_of_who_did_not_allow_it_are_told(corpus: Corpus) -> None:
    """A participant without consent supports the claim, and the finding says not to show it."""
    checked = check(corpus, Evidence(quote="We are short of people in the mornings"))
    assert (checked.tier, checked.finding) == (Tier.exact, Finding.no_consent)


def test_the_same_words_are_taken_from_who_is_cited(corpus: Corpus) -> None:
    """Where the same words stand twice: the cited segment, the cited participant, the persona's, then anybody."""
    said = "The export takes me forty minutes every Friday."
    first, second = at(corpus, said, "A1"), at(corpus, said, "A2")
    assert check(corpus, Evidence(quote=said, segment=second)).segment == second
    assert check(corpus, Evidence(quote=said, participant="A2")).segment == second
    assert check(corpus, Evidence(quote=said), participants=("A2",)).segment == second
    assert check(corpus, Evidence(quote=said)).segment == first
    moved = check(corpus, Evidence(quote=said, segment=at(corpus, "Waiting for approval")))
    assert (moved.segment, moved.finding) == (second, Finding.other_segment)


def test_a_named_file_is_looked_into_first(corpus: Corpus) -> None:
    """A hint of another tool, file and line, decides between equal hits."""
    said = "The export takes me forty minutes every Friday."
    checked = check(corpus, Evidence(quote=said, extra={"file": "data/survey.csv", "line": 3}))
    assert (checked.participant, checked.finding) == ("A2", None)


def test_a_short_quote_is_not_guessed(corpus: Corpus) -> None:
    """One or two words are found where they are cited, or where one participant only says them."""
    assert check(corpus, Evidence(quote="Too expensive")).tier is Tier.missing
    assert check(corpus, Evidence(quote="too expensive", participant="A3")).tier is Tier.normalised
    assert (
        check(corpus, Evidence(quote="Too expensive", segment=at(corpus, "Too exp", "A4"))).participant
        == "A4"
    )
    assert check(corpus, Evidence(quote="Salesforce")).participant == "A5"
    assert check(corpus, Evidence(quote="sales")).tier is Tier.missing
    assert check(corpus, Evidence(quote="Too expensive", participant="A1")).tier is Tier.missing


def test_a_short_quote_is_found_among_much_talk(tmp_path: Path) -> None:
    """One or two words of who is cited are found however much they said."""
    answers = [f"U1,We counted shelf number {i} and nothing was there." for i in range(400)]
    rows = ["participant_id,comment", *answers, "U1,Too expensive", "U2,Too expensive"]
    (tmp_path / "talk.csv").write_text("\n".join(rows), "utf-8")
    corpus = load(tmp_path)
    assert check(corpus, Evidence(quote="Too expensive", participant="U1")).participant == "U1"
    assert check(corpus, Evidence(quote="too cheap", participant="U1")).tier is Tier.missing


def test_an_altered_short_quote_of_a_cited_participant_is_near(corpus: Corpus) -> None:
    """A few words that share no three in a row with the source are found among the participant's own."""
    checked = check(corpus, Evidence(quote="Waiting for approvals, every single week", participant="A2"))
    assert checked.tier is Tier.near


def test_participants_are_known_by_label_too(tmp_path: Path) -> None:
    """Where codes are made up, what the data calls a participant names them as well."""
    (tmp_path / "talk.txt").write_text(
        "Interviewer: What do you do all day?\n\nMaria: I sort the returned parcels by hand.\n\n"
        "Interviewer: Do you like it?\n\nMaria: Not since they took the chairs away.\n",
        "utf-8",
    )
    corpus = load(tmp_path)
    said = "I sort the returned parcels by hand"
    assert check(corpus, Evidence(quote=said, participant="maria")).finding is None


def test_codes_of_another_tool_contradict_nothing(corpus: Corpus) -> None:
    """Where the corpus knows none of the cited codes, they are codes of another tool."""
    said = "nobody has ever shown me a better way"
    assert check(corpus, Evidence(quote=said, participant="user-17")).finding is None
    report = verify(
        personas(Evidence(quote=said, participant="user-17"), Evidence(quote=said, participant="P09")), corpus
    )
    findings = [claim.evidence[0].finding for claim in report.personas[0].claims]
    assert findings == [Finding.wrong_participant, None]


def test_every_quote_of_a_persona_is_looked_up(corpus: Corpus) -> None:
    """Headline, facets, quotes and counter-evidence are all in the report; claims without evidence are counted."""
    good = (Evidence(quote="nobody has ever shown me a better way"),)
    persona = Persona(
        id="p",
        name="P",
        headline=Claim(text="h", evidence=good),
        goals=(
            Claim(text="g"),
            Claim(text="g2", evidence=good, against=(Evidence(quote="I made this up entirely"),)),
        ),
        quotes=(Claim(text="q", evidence=good),),
    )
    report = verify(PersonaSet(personas=(persona,)), corpus)
    paths = [claim.path for claim in report.personas[0].claims]
    assert paths == ["headline", "goals[0]", "goals[1]", "goals[1].against", "quotes[0]"]
    assert (report.counts.exact, report.counts.missing, report.claims_without_evidence) == (3, 1, 1)
    assert report.corpus == corpus.digest


def test_another_corpus_is_refused_by_name(corpus: Corpus) -> None:
    """Sources that are missing, changed, renamed or added are named, and the way out with them."""
    refs = [SourceRef(name=source.name, sha256=source.sha256) for source in corpus.sources]
    renamed = SourceRef(
        name="old name.md", sha256=next(ref.sha256 for ref in refs if ref.name == "P09-interview.md")
    )
    changed = SourceRef(name="survey.csv", sha256="0" * 64)
    gone = SourceRef(name="gone.txt", sha256="1" * 64)
    ref = CorpusRef(digest="sha256:0", sources=(renamed, changed, gone))
    made = personas(Evidence(quote="nobody has ever shown me a better way", segment="gone.txt#4"))
    made = made.model_copy(update={"corpus": ref})
    with pytest.raises(CorpusMismatchError) as caught:
        verify(made, corpus)
    for part in (
        "“old name.md” is now called “P09-interview.md”",
        "“survey.csv” has changed",
        "“gone.txt” is missing",
    ):
        assert part in str(caught.value)
    assert "“floor.txt” was added" in str(caught.value)
    assert "--any-corpus" in str(caught.value)
    checked = verify(made, corpus, any_corpus=True).personas[0].claims[0].evidence[0]
    assert (checked.tier, checked.finding) == (Tier.exact, None)


def test_the_same_corpus_is_accepted(corpus: Corpus) -> None:
    """The digest of the same sources fits."""
    made = personas(Evidence(quote="nobody has ever shown me a better way"))
    made = made.model_copy(update={"corpus": CorpusRef(digest=corpus.digest)})
    assert verify(made, corpus).counts.exact == 1


@pytest.mark.parametrize(
    ("quote", "words", "arrived_as"),
    [
        ("NOBODY has ever shown me", "nobody has ever shown me", Tier.normalised),
        (
            "I compare the price by hand in a spreadsheet",
            "I compare the prices by hand in a spreadsheet",
            Tier.near,
        ),
        (
            "compare the prices … most of the morning",
            "compare the prices by hand in a spreadsheet. It takes most of the morning",
            Tier.normalised,
        ),
        ("nobody has ever shown me", "nobody has ever shown me", Tier.exact),
    ],
)
def test_a_quote_is_replaced_by_the_true_words(
    corpus: Corpus, quote: str, words: str, arrived_as: Tier
) -> None:
    """A repaired quote is exact, says how it arrived, and is found exactly when looked up again."""
    finder = Finder(corpus)
    mended = repaired(Evidence(quote=quote, participant="P09"), corpus, finder=finder)
    assert mended is not None
    assert (mended.quote, mended.tier, mended.arrived_as) == (words, Tier.exact, arrived_as)
    assert (mended.participant, mended.segment) == ("P09", at(corpus, words))
    assert check(corpus, mended).tier is Tier.exact
    again = repaired(mended, corpus, finder=finder)
    assert again is not None
    assert (again.quote, again.arrived_as) == (words, arrived_as)


def test_what_cannot_be_repaired_is_nothing(corpus: Corpus) -> None:
    """Inventions, other participants' words and interviewers' are not repaired."""
    for evidence in (
        Evidence(quote="I love this product very much indeed"),
        Evidence(quote="nobody has ever shown me a better way", participant="A1"),
        Evidence(quote="So you compare every supplier by hand"),
    ):
        assert repaired(evidence, corpus) is None
