"""Outgoing texts against a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.auditing import Auditor
from persona_core.errors import ConfigurationError
from persona_core.loading import load
from persona_core.models import Claim, Evidence, Persona, Role
from persona_core.models.audit import Audit
from persona_core.testing import sample_corpus
from persona_core.text import fold, sentence_spans, words

STUDY = Path(__file__).parents[3] / "docs" / "examples" / "study"
CORPUS = load(STUDY)
AUDITOR = Auditor(CORPUS)
SAID = "I screenshot the ticket before I go down."
CLEAN = "Plans ahead and likes certainty. Prefers short answers. Gets impatient with vague promises."


def own_sentences() -> list[str]:
    """Sentences of six words and more, of everybody in the study; nobody here repeats anybody."""
    said = (text[a:b] for text in CORPUS.columns.texts for a, b in sentence_spans(text))
    kept = [each for each in said if len(words(each)) >= 6]
    return [
        each for each in kept if sum(fold(each).text in fold(text).text for text in CORPUS.columns.texts) < 3
    ]


SENTENCES = own_sentences()


def plain(text: str) -> str:
    return text


def in_json(text: str) -> str:
    return json.dumps({"name": "Somebody", "goals": [text], "notes": "Is calm."})


def shouted(text: str) -> str:
    return f"**{text.upper()}**"


def broken(text: str) -> str:
    return text.replace(" ", " \u200b", 3).replace(", ", " – ")


def curly(text: str) -> str:
    return text.replace("'", "’")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("'", "&#39;").replace('"', "&quot;")


changes = st.sampled_from([plain, in_json, shouted, broken, curly, escaped])
around = st.lists(
    st.sampled_from(["Likes tea.", "Is calm, mostly.", "-", '{"a": "', "Works in\nshifts", "—", "é", "\\n"]),
    max_size=6,
)


def kinds(audit: Audit) -> set[str]:
    return {finding.kind for finding in audit.findings}


@settings(max_examples=1000)
@given(st.sampled_from(SENTENCES), changes, around, around)
def test_a_planted_sentence_is_always_refused(
    sentence: str, change: type[str], before: list[str], after: list[str]
) -> None:
    """Six words and more in a row that somebody said do not pass, wherever and however they are written."""
    planted = change(sentence)
    start = len(" ".join(before)) + 1
    text = (
        " ".join([*before, ""]) + planted + " " + " ".join(after)
        if before
        else " " + planted + " " + " ".join(after)
    )
    audit = AUDITOR.audit(text)
    assert not audit.passed
    assert any(
        f.kind == "verbatim" and f.start < start + len(planted) and start < f.end for f in audit.findings
    )


def test_findings_say_where_and_never_what() -> None:
    """A finding covers the words in the text, names the segment, and repeats nothing."""
    text = f"Is calm. {SAID} Is kind."
    (found,) = (each for each in AUDITOR.audit(text).findings if each.kind == "verbatim")
    assert text[found.start : found.end] == SAID.rstrip(".")
    assert CORPUS.segment(CORPUS.position(found.segment)).text.find(SAID) >= 0
    assert "screenshot" not in found.message


def test_a_clean_text_passes() -> None:
    """What nobody said passes without a finding."""
    audit = AUDITOR.audit(CLEAN)
    assert (audit.passed, audit.leakage, audit.findings, audit.sentences) == (True, 0.0, (), 3)
    assert audit.corpus_checked


def test_an_empty_text_passes() -> None:
    """No sentence leaks nothing."""
    audit = AUDITOR.audit("")
    assert (audit.passed, audit.leakage, audit.sentences) == (True, 0.0, 0)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_share(threshold: float) -> None:
    """A threshold that is no share is refused by name."""
    with pytest.raises(ConfigurationError, match="threshold"):
        AUDITOR.audit(CLEAN, threshold=threshold)


def study(
    tmp_path: Path, rows: list[tuple[str, str]], columns: str = "participant,What do you think of it?"
) -> Auditor:
    file = tmp_path / "survey.csv"
    file.write_text(columns + "\n" + "\n".join(f'{who},"{said}"' for who, said in rows), encoding="utf-8")
    return Auditor(load(file))


def test_what_three_people_say_is_nobodys(tmp_path: Path) -> None:
    """Words in a row that three people say pass; said by two they do not."""
    three, two = "I always take the early train to town", "we never walk home alone after a late shift"
    rows = [(f"A{i}", three) for i in range(3)] + [(f"B{i}", two) for i in range(2)]
    rows += [(f"C{i}", f"I have {i} dogs, and every one of them hates the lift") for i in range(6)]
    auditor = study(tmp_path, rows)
    assert auditor.audit(three).passed
    assert kinds(auditor.audit(two)) == {"verbatim"}


def test_one_person_saying_it_thrice_is_one(tmp_path: Path) -> None:
    """It is people who count, not texts."""
    said = "I always take the early train to town"
    assert (
        not study(tmp_path, [("A1", said)] * 3 + [("B2", "something else altogether, I think")])
        .audit(said)
        .passed
    )


def test_interviewers_and_people_who_may_not_be_quoted_count() -> None:
    """Everybody's words are compared, also those that may never be shown."""
    everything = sorted(range(len(CORPUS)), key=lambda i: -len(CORPUS.columns.texts[i]))
    silent = next(i for i in everything if not CORPUS.quotable(i) and CORPUS.participant(i))
    asked = next(i for i in everything if CORPUS.role(i) is Role.interviewer)
    for i in (silent, asked):
        assert not AUDITOR.audit(CORPUS.segment(i).text).passed


def test_a_retelling_is_a_paraphrase() -> None:
    """A sentence in other words is found, and how alike it is."""
    text = "She leaves the ward wanting to get to bed with no surprises on the way."
    found = [each for each in AUDITOR.audit(text).findings if each.kind == "paraphrase"]
    assert [CORPUS.segment(CORPUS.position(each.segment)).participant for each in found] == ["P01"]
    assert 0 < found[0].similarity < 1


def test_retelling_is_looked_for_in_the_personas_group() -> None:
    """Another group's words in other words are not this persona's."""
    text = "She leaves the ward wanting to get to bed with no surprises on the way."
    others = Persona(id="p", name="Ada", participants=("P03", "P05", "P06"))
    assert "paraphrase" not in kinds(AUDITOR.audit(text, persona=others))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Write to ada.b@example.org.", True),
        ("Call 0161 496 0000 in the morning.", True),
        ("Ask @ada_writes about it.", True),
        ("Known as P03 in the data.", True),
        ("Asks Bev and Maureen for help.", True),
        ("Made on 2026-11-22T10:00:00Z, version 0.1.0.", False),
        ("Aged 25-34 or 35–44, between 2019-2024.", False),
        ('{"sha256": "8c4b1f0d2a6e4b7f9d3c5a1e8f7b6c4d"}', False),
    ],
)
def test_identifiers(text: str, is_found: bool) -> None:
    """Names, ids and addresses are direct identifiers; dates, bands and hashes are not."""
    audit = AUDITOR.audit(text)
    assert ("identifier" in kinds(audit)) is is_found
    assert audit.passed is not is_found


def test_a_name_that_is_a_word_counts_in_mid_sentence_only(tmp_path: Path) -> None:
    """`Hope` and `Will` are names where they stand as names."""
    file = tmp_path / "talk.txt"
    turns = ["I like it here, the will to stay is strong.", "It is a hill too far for me, honestly."]
    spoken = [f"{who}: {turn}" for turn in (*turns, *turns) for who in ("Interviewer", "Hope", "Will")]
    file.write_text("\n\n".join(spoken), encoding="utf-8")
    auditor = Auditor(load(file))
    assert auditor.audit("Will try new things. Has hope for the garden and will plan.").passed
    assert not auditor.audit("Talks about gardens with Hope every week.").passed


def test_places_of_few_are_found() -> None:
    """A place that only one participant mentions identifies; the finding says what kind of thing it is."""
    found = [
        each
        for each in AUDITOR.audit("Often travels by way of St Oswin and back.").findings
        if each.kind == "identifier"
    ]
    assert [each.severity for each in found] == ["high"]
    assert "Oswin" not in found[0].message


def test_ages_from_rows_are_found(tmp_path: Path) -> None:
    """An exact age of one participant is found, a band is not."""
    auditor = study(
        tmp_path,
        [
            ("A1,41", "it takes me far too long to plan anything"),
            ("A2,52", "I would rather walk than wait for it"),
        ],
        "participant,age,What do you think of it?",
    )
    assert kinds(auditor.audit("A 41-year-old who walks.")) == {"identifier"}
    assert kinds(auditor.audit("Between 41-50, likes walking.")) == set()


def test_a_combination_that_fits_few_is_found() -> None:
    """Each value may fit many, together they fit one: which ones, and what to do."""
    alone = AUDITOR.audit(CLEAN, demographics={"age_range": "35-54", "occupation": "works in health care"})
    together = AUDITOR.audit(
        CLEAN, demographics={"age_range": "35-44", "occupation": "Nurse", "location": "Low Fenning"}
    )
    assert "quasi_identifier" not in kinds(alone)
    (found,) = together.findings
    assert found.kind == "quasi_identifier"
    assert all(name in found.message for name in ("age range", "occupation", "location", "coarser"))
    assert "Fenning" not in found.message


QUOTED = Persona(
    id="p",
    name="Ada",
    goals=(
        Claim(
            text="Wants calm",
            evidence=(Evidence(quote="I would rather sit down than hurry along", participant="P9"),),
        ),
    ),
)


def test_without_a_corpus_the_personas_quotes_are_compared() -> None:
    """And the audit says that the corpus was not checked."""
    auditor = Auditor(None)
    audit = auditor.audit("I would rather sit down than hurry along, always.", persona=QUOTED)
    assert (audit.passed, audit.corpus_checked) == (False, False)
    assert kinds(auditor.audit("Write to ada@example.org.")) == {"identifier"}
    assert auditor.audit(CLEAN, persona=QUOTED).passed


def test_vectors_find_what_shares_no_word() -> None:
    """With vectors a re-expression is found; without it is not, and the audit says who looked."""
    auditor = Auditor(None)
    text = "Unhurried people please her."
    asked, quote = auditor.texts(text, QUOTED)
    assert quote == QUOTED.goals[0].evidence[0].quote
    vectors = {asked: [1.0, 0.0], quote: [0.99, 0.1]}
    audit = auditor.audit(text, persona=QUOTED, vectors=vectors, embedder="made")
    assert (kinds(audit), audit.embedder) == ({"paraphrase"}, "made")
    assert auditor.audit(text, persona=QUOTED).embedder is None


def test_leakage_is_weighted_by_severity() -> None:
    """One grave sentence of four is a quarter."""
    assert AUDITOR.audit(f"{CLEAN} {SAID}").leakage == 0.25


def test_the_same_text_gives_the_same_audit() -> None:
    """Nothing depends on what was audited before."""
    text = f"{CLEAN} {SAID} Asks Bev for help."
    assert AUDITOR.audit(text) == Auditor(CORPUS).audit(text)


def test_ids_inside_names_of_files_and_dotted_numbers_are_found() -> None:
    """`P03.txt#4` leads to a participant as `P03` does; a phone number may be parted by dots, and 3.14 is none."""
    auditor = Auditor(sample_corpus())
    assert not auditor.audit("See interviews/P03.vtt#4 for more.").passed
    assert not auditor.audit("Call 07700.900.123 at any time.").passed
    assert auditor.audit("The figure rose to 3.14 in the end.").passed


def test_six_words_with_two_of_content_are_somebodys(tmp_path: Path) -> None:
    """One that says next to nothing is not, unless it is a whole sentence."""
    said = "Well, as I was by the reservoir with a thermos of mine it was all of it over by then."
    (tmp_path / "talk.txt").write_text(f"Interviewer: And then?\nBob: {said}\n", encoding="utf-8")
    auditor = Auditor(load(tmp_path))
    found = auditor.audit(f"{CLEAN} Sits by the reservoir with a thermos.")
    assert [each.kind for each in found.findings if each.severity == "high"] == ["verbatim"]
    assert auditor.audit(f"{CLEAN} Now it was all of it over.").passed
