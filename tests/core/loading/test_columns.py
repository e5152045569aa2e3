"""What a column is for, told by its header and its values."""

from __future__ import annotations

import pytest

from persona_core.loading.columns import lay_out

P, I, D, O, X = "participant", "identifier", "demographic", "open text", "other"  # noqa: E741
SENTENCES = (
    "It saves me about an hour each day.", "I never found the button for it.", "My team would not agree to change.",
    "The first week was hard, then fine.", "Because my manager asked me to.", "It crashed while I was presenting.",
    "I like that it works on the train.", "Too many messages, too little time.",
)  # fmt: skip
SHORT = (
    "too slow",
    "price",
    "bad search",
    "support hours",
    "login",
    "the app crashes",
    "no export",
    "confusing menus",
)
NAMES = ("Maya Okafor", "Tessa Lund", "Omar Reyes", "Ida Holm", "Ada Moss", "Jo Kim", "Ben Todd", "Cy Webb")
MAILS = tuple(f"{name.split()[0].lower()}@example.org" for name in NAMES)
JOBS = ("Nurse", "Teacher", "Nurse", "Baker", "Driver", "Teacher", "Cook", "Nurse")
CITIES = ("Oslo", "Bergen", "Oslo", "York", "Leeds", "Oslo", "Bath", "York")
AGES = ("25-34", "35-44", "25-34", "18-24", "45-54", "25-34", "55+", "35-44")
OFTEN = ("Daily", "Weekly", "Daily", "Never", "Weekly", "Daily", "Monthly", "Never")
AGREE = (
    "Strongly agree",
    "Agree",
    "Neither agree nor disagree",
    "Agree",
    "Disagree",
    "Agree",
    "Strongly agree",
    "Agree",
)
YES = ("Yes", "No", "Yes", "Yes", "No", "Yes", "No", "No")
TOOLS = (
    "Excel; Word",
    "Word",
    "Excel; Slack",
    "Slack; Word",
    "Excel",
    "Word; Slack; Excel",
    "Slack",
    "Excel; Word",
)
LONG_CHOICES = tuple(
    "I use it mainly at my desk" if i % 2 else "I use it mainly on the way" for i in range(8)
)
STAMPS = tuple(f"2024-05-0{i + 1} 10:0{i}:00" for i in range(8))
NUMBERS = tuple(str(3 + i * 7) for i in range(8))

CASES = [
    # identifiers
    ("Email", MAILS, I), ("E-mail address", MAILS, I), ("What is the best way to reach you?", MAILS, I), ("contact", MAILS, I),
    ("IP Address", tuple(f"81.2.69.{i}" for i in range(8)), I), ("ipaddress", tuple(f"2a02:c7d:{i}::1:2:3" for i in range(8)), I),
    ("LocationLatitude", tuple(f"51.50{i}" for i in range(8)), I), ("LocationLongitude", tuple(f"-0.12{i}" for i in range(8)), I), ("lat", tuple(f"51.50{i}" for i in range(8)), I),
    ("RecipientFirstName", tuple(name.split()[0] for name in NAMES), I), ("RecipientLastName", tuple(name.split()[1] for name in NAMES), I),
    ("First name", tuple(name.split()[0] for name in NAMES), I), ("Surname", tuple(name.split()[1] for name in NAMES), I), ("Name", NAMES, I), ("Full Name", NAMES, I),
    ("Your name (optional)", NAMES, I), ("What is your name?", NAMES, I), ("Who was your instructor?", NAMES, I), ("Instructor name", NAMES, I), ("interviewer_name", NAMES, I),
    ("Phone number", tuple(f"+44 20 7946 09{i}0" for i in range(8)), I), ("Mobile", tuple(f"07700 9001{i}2" for i in range(8)), I),
    ("Website", tuple(f"www.site{i}.example" for i in range(8)), I), ("LinkedIn profile", tuple(f"https://lnkd.example/{i}" for i in range(8)), I), ("Link to your work", tuple(f"https://a.example/{i}" for i in range(8)), I),
    ("Twitter handle", tuple(f"@name{i}" for i in range(8)), I), ("Home address", tuple(f"{i} High Street" for i in range(8)), I), ("Date of birth", tuple(f"1990-0{i + 1}-01" for i in range(8)), I),
    ("Network ID", tuple(f"8a5c{i}f0" for i in range(8)), I), ("External Reference", tuple(f"ref{i}x" for i in range(8)), I), ("Passport number", tuple(f"AB12{i}" for i in range(8)), I), ("Your employer's name", ("Acme Ltd", "Foo Inc") * 4, I),
    ("username", tuple(f"user_{i}x" for i in range(8)), I), ("Discord username", tuple(f"jo#{i}" for i in range(8)), I), ("Student number", tuple(f"s{i}01" for i in range(8)), I), ("Zip code", tuple(f"0{i}511" for i in range(8)), I), ("Postcode", tuple(f"LS{i} 4AB" for i in range(8)), I),
    ("Requester", ("Maya Okafor", "Jo Kim") * 4, I), ("Author", tuple(f"user{i % 3}" for i in range(8)), I), ("Created by", ("Maya Okafor", "Jo Kim") * 4, I), ("Your manager", ("Maya Okafor", "Jo Kim") * 4, I),
    ("Do you have a manager?", YES, X), ("Notes", SENTENCES, X), ("Researcher's notes", SENTENCES, X), ("subject", SHORT, X),
    # demographics
    ("Age", tuple(str(20 + i) for i in range(8)), D), ("age_range", AGES, D), ("How old are you?", AGES, D), ("What is your age group?", AGES, D), ("Gender", ("Female", "Male", "Non-binary", "Female") * 2, D),
    ("Gender identity", ("Female", "Male") * 4, D), ("What gender do you identify as?", ("Woman", "Man") * 4, D), ("Pronouns", ("she/her", "he/him") * 4, D), ("Occupation", JOBS, D), ("Job title", JOBS, D), ("What is your current role?", JOBS, D),
    ("What best describes your job?", JOBS, D), ("Industry", ("Health", "Retail") * 4, D), ("Country", ("Norway", "UK") * 4, D), ("Which country do you live in?", ("Norway", "UK") * 4, D), ("City", CITIES, D), ("Where do you live?", CITIES, D),
    ("Highest level of education", ("Bachelor", "Master") * 4, D), ("Household income", ("<20k", "20-40k") * 4, D), ("Ethnicity", ("A", "White", "Black", "Asian") * 2, D), ("Marital status", ("Married", "Single") * 4, D), ("Employment status", ("Full-time", "Part-time") * 4, D),
    ("Years of experience", NUMBERS, D), ("Company size", ("1-10", "11-50") * 4, D), ("Department", ("Sales", "IT") * 4, D), ("Do you have children?", YES, D), ("Religion", ("None", "Hindu") * 4, D),
    # what people wrote
    ("Why did you choose us?", SENTENCES, O), ("Comments", SENTENCES, O), ("Q4", SENTENCES, O), ("Any other feedback", SENTENCES, O), ("What frustrates you most?", SHORT, O), ("Please explain", SHORT, O), ("Q3_9_TEXT", SENTENCES, O),
    ("Describe your role and what you do all day", SENTENCES, O), ("How does your age affect how you use it?", SENTENCES, O), ("What would you tell your city council?", SENTENCES, O), ("Tell us about your family's mornings", SENTENCES, O), ("Warum?", SENTENCES, O), ("What is the name of your favourite feature, and why?", SENTENCES, O), ("Your experience with the website", SENTENCES, O), ("What did you think of our e-mail newsletter?", SENTENCES, O), ("How do you feel about the url bar?", SENTENCES, O), ("What do you think of the dates on offer?", SENTENCES, O), ("Status update", SENTENCES, O), ("Score explanation", SENTENCES, O),
    # neither
    ("Timestamp", STAMPS, X), ("Start Date", STAMPS, X), ("Submitted at", STAMPS, X), ("Date Submitted", STAMPS, X), ("Duration (in seconds)", NUMBERS, X), ("Progress", ("100",) * 8, X), ("Status", ("IP Address",) * 8, X), ("UserLanguage", ("EN",) * 8, X), ("DistributionChannel", ("anonymous",) * 8, X),
    ("How often do you come?", OFTEN, X), ("How satisfied are you?", NUMBERS, X), ("The menus are clear", AGREE, X), ("Which tools do you use?", TOOLS, X), ("Where do you use it?", LONG_CHOICES, X), ("Would you recommend us?", YES, X), ("Have you used it?", YES, X), ("Excel", ("Excel", "") * 4, X), ("Empty question?", ("",) * 8, X), ("NPS", NUMBERS, X), ("Score", NUMBERS, X),
    ("Toy buying frequency", OFTEN, X), ("How likely are you to move city?", AGREE, X),
]  # fmt: skip


@pytest.mark.parametrize(("header", "cells", "role"), CASES, ids=[header for header, _, _ in CASES])
def test_role_of_a_column(header, cells, role):
    """A column beside a participant column and an open answer is taken for what it is."""
    rows = [
        (f"R_{i}", cell, f"{sentence} So there.")
        for i, (cell, sentence) in enumerate(zip(cells, SENTENCES, strict=True))
    ]
    layout = lay_out(("ResponseId", header, "Anything else?"), ("", "", ""), rows, participant=None, roles={})
    assert [column.role.value for column in layout.columns] == [P, role, O]
    asked = lay_out(
        ("ResponseId", "QID7", "Anything else?"), ("", header, ""), rows, participant=None, roles={}
    )
    assert [column.role.value for column in asked.columns] == [P, role, O]
    assert role is not I or 1 not in layout.closed


@pytest.mark.parametrize(
    "header",
    [
        "participant",
        "Participant ID",
        "participant_id",
        "Respondent",
        "RespondentID",
        "Responder #",
        "ResponseId",
        "Response ID",
        "pid",
        "P#",
        "Subject No.",
        "user_id",
        "Interviewee",
        "session_id",
        "#",
        "ID",
        "uuid",
        "Token",
        "case_id",
        "Interview number",
    ],
)
def test_participant_columns(header):
    """A column of short, nearly complete values under a usual name is the participant's."""
    rows = [(f"x{i}9k", sentence) for i, sentence in enumerate(SENTENCES)]
    layout = lay_out((header, "Why?"), ("", ""), rows, participant=None, roles={})
    assert [column.role.value for column in layout.columns] == [P, O]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("participant", ("",) * 6 + ("a", "b")),
        ("participant", SENTENCES),
        ("user_id", ("same",) * 8),
        ("Participants in your last meeting", NUMBERS),
    ],
)
def test_no_participant_columns(header, cells):
    """A column that is mostly empty, long, or always the same names no participant."""
    rows = [(cell, f"{sentence} So there.") for cell, sentence in zip(cells, SENTENCES, strict=True)]
    layout = lay_out((header, "Why?"), ("", ""), rows, participant=None, roles={})
    assert layout.columns[0].role != P


def test_the_better_participant_column_wins():
    """A participant's id goes before a row's."""
    rows = [(str(i), f"P{i % 3}", sentence) for i, sentence in enumerate(SENTENCES)]
    layout = lay_out(("id", "participant", "answer"), ("",) * 3, rows, participant=None, roles={})
    assert [column.role.value for column in layout.columns] == [X, P, O]


@pytest.mark.parametrize(
    ("header", "cells", "key"),
    [("Age", ("31", "42") * 4, "age"), ("Age", AGES, "age_range"), ("How old are you?", AGES, "age_range"), ("What is your current job?", JOBS, "occupation"), ("Country of residence", CITIES, "location"), ("Gender identity", ("Female", "Male") * 4, "gender"), ("Do you have children?", YES, "children"), ("Years of experience", NUMBERS, "experience"), ("Highest degree", ("BSc", "MSc") * 4, "education")],
)  # fmt: skip
def test_short_names_of_demographics(header, cells, key):
    """Personas use a short name for a demographic, whatever the survey called it."""
    rows = [(cell, sentence) for cell, sentence in zip(cells, SENTENCES, strict=True)]
    layout = lay_out((header, "Why?"), ("", ""), rows, participant=None, roles={})
    assert (layout.columns[0].role, layout.columns[0].key) == (D, key)


@pytest.mark.parametrize("name", ["Note title", "File name", "Prolific ID", "PROLIFIC_PID", "Worker ID"])
def test_titles_and_panel_ids_identify(study, roles, name):
    """A title of a note or file may name somebody, and a panel's id does: neither is rendered."""
    rows = "".join(
        f"P{i},Interview Ada Moss {i},I hate the form because it forgets number {i}.\n" for i in range(5)
    )
    assert roles(study.of("a.csv", f"Participant,{name},Why?\n{rows}"))[name] == "identifier"


@pytest.mark.parametrize("name", ["Teilnehmer", "Teilnehmerin-ID", "participante", "Респондент", "参加者"])
def test_participant_columns_of_other_languages(study, name):
    """A participant column is found by its name in other languages too."""
    rows = "".join(f"A{i % 2},Ich hasse das Formular Nummer {i} immer wieder.\n" for i in range(6))
    assert [person.code for person in study.of("a.csv", f"{name},Warum?\n{rows}").people] == ["A0", "A1"]


def test_a_code_with_control_characters_is_not_shown(study):
    """What a terminal would obey is no code."""
    corpus = study.of(
        "a.csv",
        "participant,Why?\n\x1b[2J,I hate the form because it forgets me.\nP2,I like the form a lot.\n",
    )
    assert all(person.code.isprintable() for person in corpus.people)
