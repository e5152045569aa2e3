"""What a text says of a participant's row, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona_core.auditing import Auditor
from persona_core.loading import load
from persona_core.models.audit import Audit

CLEAN = "Plans ahead and likes certainty. Prefers short answers. Gets impatient with vague promises. "
ROWS = """participant,age,occupation,gender,city,What do you think?
P01,38,Nurse (nights),Female,Leeds,I would like it to be quicker and far simpler
P02,35,Baker,Male,Leeds,It takes me too long to find anything in there
P03,44,Nurse,Male,York,I never know which of the two buttons does it
P04,44,Nurse,Male,York,I never saw which of the four buttons did it
P05,44,Harbour pilot,Male,York,There were fewer choices in the version before
P06,51,Nurse,Female,York,I made one mistake and had to begin all over again
"""


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Auditor:
    file = tmp_path_factory.mktemp("study") / "survey.csv"
    file.write_text(ROWS, encoding="utf-8")
    return Auditor(load(file))


def told(audit: Audit, text: str) -> dict[str, str]:
    """What was found, by the words found."""
    return {text[each.start : each.end]: each.kind for each in audit.findings}


@pytest.mark.parametrize("code", ["P 03", "P3", "P-03", "p_003", "P03", "p3"])
def test_ids_are_found_however_they_are_parted_and_padded(auditor: Auditor, code: str) -> None:
    """And they are direct identifiers."""
    audit = auditor.audit(f"{CLEAN}Much like {code} in this.")
    assert not audit.passed
    assert audit.refused_for[0].startswith("It holds a name, an id")


@pytest.mark.parametrize("text", ["See p. 3 for it.", "MP3 and P30.", "P 33 is none.", "Room 3, p 4."])
def test_other_numbers_are_no_ids(auditor: Auditor, text: str) -> None:
    """A page, a format, another number."""
    assert auditor.audit(CLEAN + text).findings == ()


@pytest.mark.parametrize(
    "date",
    [
        "3 March 1987", "3rd March, 1987", "the third of March 1987", "March 3, 1987", "March the third, 1987",
        "twenty-first of Sept. 2001", "the third day of March nineteen eighty-seven", "3rd of March in 1987",
        "3 Mar '87", "3-Mar-1987", "3.3.87", "1987-03-03",
    ],
)  # fmt: skip
def test_dates_that_are_written_out_are_found(auditor: Auditor, date: str) -> None:
    """Whatever the rows hold: nobody's persona needs a day."""
    text = f"{CLEAN}Born on {date}."
    audit = auditor.audit(text)
    assert [(each.kind, each.severity) for each in audit.findings] == [("identifier", "medium")]
    assert audit.findings[0].end >= len(text) - 1 - len("in 1987")
    assert not audit.passed


@pytest.mark.parametrize("text", ["Since March 2019.", "In May 20 people came.", "On the third of March."])
def test_months_are_no_dates(auditor: Auditor, text: str) -> None:
    """A day without its year, or a month without its day."""
    assert auditor.audit(CLEAN + text).findings == ()


def test_values_of_rows_that_fit_few_together_are_found(auditor: Auditor) -> None:
    """Each may fit many: each is told where it stands."""
    text = f"{CLEAN}Works as a nurse. She is a female voice in Leeds."
    found = told(auditor.audit(text), text)
    assert {word: found.get(word) for word in ("nurse", "female", "Leeds")} == {
        "nurse": "quasi_identifier",
        "female": "quasi_identifier",
        "Leeds": "quasi_identifier",
    } | ({"Leeds": "identifier"} if found.get("Leeds") == "identifier" else {})
    assert not auditor.audit(text).passed


def test_a_telling_occupation_says_it_alone(auditor: Auditor) -> None:
    """There is one harbour pilot; bakers are many outside the study."""
    assert not auditor.audit(CLEAN + "Her work as a harbour pilot shows.").passed
    assert auditor.audit(CLEAN + "Has a baker round the corner.").findings == ()


def test_values_that_fit_many_pass(auditor: Auditor) -> None:
    """Three nurses are in York, and nobody is a female baker."""
    assert auditor.audit(CLEAN + "A nurse in York.").findings == ()
    assert auditor.audit(CLEAN + "No female baker was asked.").findings == ()


def test_the_leakage_is_told_so_that_it_is_above_the_threshold(auditor: Auditor) -> None:
    """`0.03, and at most 0.03` explains nothing."""
    text = CLEAN + "Nothing much to add to that here. " * 30 + "Was made on 3 March 1987."
    (reason,) = auditor.audit(text, threshold=0.0145).refused_for
    assert reason == "Its leakage is 0.015, and at most 0.0145 passes."
    (reason,) = auditor.audit(text, threshold=0).refused_for
    assert reason == "Its leakage is 0.01, and at most 0 passes."


@pytest.mark.parametrize(
    "text",
    ["He is aged 51.", "She is fifty-one.", "A woman of 51", "a man of fifty-one, he says.", "Is a fifty-one-year-old.",
     "She’s 51, and tired.", "Turned 51 in spring.", "51 years of age."],
)  # fmt: skip
def test_ages_of_few_are_found_however_they_are_written(auditor: Auditor, text: str) -> None:
    """With a full stop behind them, and in words."""
    found = told(auditor.audit(CLEAN + text), CLEAN + text)
    assert {word.lower() for word in found} & {"51", "fifty-one"}


@pytest.mark.parametrize(
    "text", ["They are 51 minutes late.", "Age 51-60.", "It is 51.5 long.", "A team of 51 came."]
)
def test_other_numbers_are_no_ages(auditor: Auditor, text: str) -> None:
    """Minutes, bands, lengths."""
    assert auditor.audit(CLEAN + text).findings == ()


@pytest.mark.parametrize("date", ["2023-05-14", "2023/5/14", "14.5.2023", "5/14/2023", "14-05-2023"])
def test_days_in_numbers_are_found(auditor: Auditor, date: str) -> None:
    """Whatever their order, with a full stop behind them."""
    text = f"{CLEAN}First came on {date}."
    assert told(auditor.audit(text), text) == {date: "identifier"}


@pytest.mark.parametrize(
    "text", ["Version 5.14.2 of it.", "In 2023-24.", "Made at 2026-01-09T10:00:00Z.", "2023-45-14 is none."]
)
def test_other_numbers_are_no_days(auditor: Auditor, text: str) -> None:
    """Versions, years, moments, parts of longer numbers."""
    assert auditor.audit(CLEAN + text).findings == ()


def test_full_names_of_words_are_found_at_the_beginning(tmp_path: Path) -> None:
    """`Grace` and `Young` are words, too; together they are somebody."""
    (tmp_path / "talk.txt").write_text(
        "Interviewer: How is it?\nGrace Young: I like it well enough, and so do the young people here.\n"
        "Interviewer: And you?\nBob Stone: It is slow as a stone.\n",
        encoding="utf-8",
    )
    auditor = Auditor(load(tmp_path))
    for name in ("GRACE YOUNG", "Grace Young"):
        text = f"{CLEAN}{name} likes short answers."
        assert set(told(auditor.audit(text), text)) == set(name.split())
    assert auditor.audit(CLEAN + "Young people like it. Grace is a virtue.").findings == ()
