"""Survey exports, as the tools write them: what each column is for, and whose words are loaded."""

from __future__ import annotations

import csv
import io

import pytest

WHY = (
    "It is near my house and quick.",
    "The price was what settled it.",
    "My sister told me to try it once.",
    "I had no other choice that week.",
    "Because the staff are kind to me.",
    "The old one closed down in May.",
)
WISH = (
    "More seats by the window please.",
    "Open an hour earlier on Mondays.",
    "A quieter corner to read in.",
    "Cheaper tea, and larger cups.",
    "Please mend the front door soon.",
    "Somewhere to leave my bicycle.",
)


def _csv(*rows: tuple[object, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _qualtrics() -> str:
    names = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId",
             "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude", "LocationLongitude",
             "DistributionChannel", "UserLanguage", "Q1", "Q2", "Q3", "Q3_9_TEXT", "Q4")  # fmt: skip
    asked = ("Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID",
             "Recipient Last Name", "Recipient First Name", "Recipient Email", "External Data Reference", "Location Latitude", "Location Longitude",
             "Distribution Channel", "User Language", "What is your age?", "Which of these do you visit? - Selected Choice",
             "How often do you come?", "How often do you come? - Other - Text", "Why did you choose us?")  # fmt: skip
    ids = tuple(f'{{"ImportId":"{name}"}}' for name in names)
    rows = [
        (f"2024-05-0{i} 10:00:00", f"2024-05-0{i} 10:05:00", "IP Address", f"81.2.69.{i}", "100", "300", "True", "2024-05-01 10:05:01", f"R_3x{i}Abc",
         ("Okafor", "Lund", "Reyes", "Holm", "Moss", "Kim")[i - 1], ("Maya", "Tessa", "Omar", "Ida", "Ada", "Jo")[i - 1], f"m{i}@example.org", "", f"51.50{i}", f"-0.12{i}",
         "anonymous", "EN", ("25-34", "35-44")[i % 2], ("Cafe,Library", "Library", "Cafe")[i % 3], ("Daily", "Weekly")[i % 2], "", WHY[i - 1])
        for i in range(1, 7)
    ]  # fmt: skip
    return _csv(names, asked, ids, *rows)


IDENTIFIERS = (
    "IPAddress",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "LocationLatitude",
    "LocationLongitude",
)


def test_qualtrics(study, roles):
    """Qualtrics has three header rows: names, wordings, machine ids; rows are counted below them."""
    corpus = study.of("a.csv", _qualtrics())
    found = roles(corpus)
    assert {name: found[name] for name in IDENTIFIERS} == dict.fromkeys(IDENTIFIERS, "identifier")
    assert (found["ResponseId"], found["Q1"], found["Q4"]) == ("participant", "demographic", "open text")
    assert {
        found[name]
        for name in (
            "StartDate",
            "Status",
            "Progress",
            "Duration (in seconds)",
            "Finished",
            "RecordedDate",
            "DistributionChannel",
            "UserLanguage",
            "Q2",
            "Q3",
            "Q3_9_TEXT",
            "ExternalReference",
        )
    } == {"other"}
    assert [segment.text for segment in corpus] == list(WHY)
    first = corpus.segment(0)
    assert (first.locator.row, first.locator.field, first.question, first.participant) == (
        1,
        "Q4",
        "Why did you choose us?",
        "R_3x1Abc",
    )
    assert corpus.people[0].demographics == {"age_range": "35-44"}
    assert corpus.people[0].answers == {
        "Which of these do you visit? - Selected Choice": "Library",
        "How often do you come?": "Weekly",
    }


@pytest.mark.parametrize("secret", ["81.2.69", "Okafor", "Maya", "example.org", "51.50", "-0.12"])
def test_identifiers_are_nowhere(study, secret):
    """What identifies a person is in no segment, question, demographic or answer."""
    corpus = study.of("a.csv", _qualtrics())
    assert not any(secret in segment.text or secret in segment.question for segment in corpus)
    assert not any(secret in repr(person) for person in corpus.people)


def test_surveymonkey(study, roles):
    """SurveyMonkey has two header rows: questions that span columns, and their choices."""
    top = ("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1",
           "Why did you choose us?", "Which do you use?", "", "", "What would you change?")  # fmt: skip
    below = (
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "Open-Ended Response",
        "Cafe",
        "Library",
        "Other (please specify)",
        "Open-Ended Response",
    )
    rows = [
        (
            f"1180000{i}",
            "4401",
            "05/01/2024 10:00:00 AM",
            "05/01/2024 10:05:00 AM",
            f"81.2.69.{i}",
            f"m{i}@example.org",
            "Maya",
            "Okafor",
            "",
            WHY[i],
            "Cafe",
            "",
            "",
            WISH[i],
        )
        for i in range(6)
    ]
    corpus = study.of("a.csv", _csv(top, below, *rows))
    found = roles(corpus)
    assert found["Respondent ID"] == "participant"
    assert {found[name] for name in ("IP Address", "Email Address", "First Name", "Last Name")} == {
        "identifier"
    }
    assert {name for name, role in found.items() if role == "open text"} == {
        "Why did you choose us?",
        "What would you change?",
    }
    assert found["Which do you use?: Cafe"] == "other"
    assert corpus.segment(1).locator.row == 1
    assert corpus.segment(1).question == "What would you change?"
    assert [corpus.segment(i).text for i in (0, 1)] == [WHY[0], WISH[0]]


def test_google_forms(study, roles):
    """Google Forms has a timestamp and whole questions as headers; each row is a participant."""
    header = (
        "Timestamp",
        "Email Address",
        "How old are you?",
        "What is your current job?",
        "Which of these do you use? (select all that apply)",
        "Why did you choose us?",
        "Is there anything you would like to add?",
        "How satisfied are you, 1 to 5?",
    )
    rows = [
        (
            f"2024/05/0{i + 1} 10:00:0{i} AM GMT+1",
            f"m{i}@example.org",
            ("18-24", "25-34")[i % 2],
            ("Nurse", "Teacher", "Baker")[i % 3],
            ("Cafe;Library", "Library;Garden", "Cafe;Garden;Library")[i % 3],
            WHY[i],
            ("", "no", WISH[i])[i % 3],
            1 + i % 5,
        )
        for i in range(6)
    ]
    corpus = study.of("a.csv", _csv(header, *rows))
    assert list(roles(corpus).values()) == [
        "other",
        "identifier",
        "demographic",
        "demographic",
        "other",
        "open text",
        "open text",
        "other",
    ]
    assert len(corpus.people) == 6
    assert corpus.sources[0].left_out == {"boilerplate answers": 2, "empty answers": 2}
    by_row = {corpus.segment(i).locator.row: corpus.segment(i).participant for i in range(len(corpus))}
    row_one = corpus.person(by_row[1])
    assert row_one.demographics == {"age_range": "18-24", "occupation": "Nurse"}
    assert row_one.answers == {"Which of these do you use? (select all that apply)": "Cafe;Library"}


def test_typeform(study, roles):
    """Typeform starts with `#` and ends with dates and a Network ID; a choice is repeated under each option."""
    header = (
        "#",
        "What's your first name?",
        "Hi {{field:abc}}, why did you choose us?",
        "Cafe",
        "Library",
        "Other",
        "Score",
        "Start Date (UTC)",
        "Submit Date (UTC)",
        "Network ID",
        "Tags",
    )
    rows = [
        (
            f"k3j{i}v9qz7x",
            ("Maya", "Tessa", "Omar", "Ida", "Ada", "Jo")[i],
            WHY[i],
            "Cafe" if i % 2 else "",
            "Library",
            "",
            "0",
            f"2024-05-0{i + 1} 10:00:00",
            f"2024-05-0{i + 1} 10:04:00",
            f"8a5c{i}f0e1d",
            "",
        )
        for i in range(6)
    ]
    corpus = study.of("a.csv", _csv(header, *rows))
    assert list(roles(corpus).values()) == [
        "participant",
        "identifier",
        "open text",
        "other",
        "other",
        "other",
        "other",
        "other",
        "other",
        "identifier",
        "other",
    ]
    assert not any("Network ID" in person.answers for person in corpus.people)
    assert {person.code for person in corpus.people} == {f"k3j{i}v9qz7x" for i in range(6)}


def test_multi_select_and_one_hot_columns_are_no_words(study, roles):
    """Lists of choices and a column per choice are closed answers, however long they are."""
    options = (
        "I use it for planning my week",
        "I use it for writing letters",
        "I use it for talking to friends",
        "I do not use it",
    )
    header = (
        "id",
        "What do you use it for?",
        *(f"What do you use it for? [{option}]" for option in options),
        "What else?",
    )
    rows = [
        (
            f"A{i}",
            f"{options[i % 3]}, {options[(i + 1) % 3]}",
            *(option if (i + j) % 2 else "" for j, option in enumerate(options)),
            WHY[i % 6] + f" And {i} more.",
        )
        for i in range(24)
    ]
    corpus = study.of("a.csv", _csv(header, *rows))
    assert {name for name, role in roles(corpus).items() if role == "open text"} == {"What else?"}


def test_instructor_and_url_columns_are_identifiers(study, roles):
    """Names of third people and addresses of pages identify, too."""
    header = (
        "ResponseId",
        "Instructor name",
        "Your website",
        "Portfolio",
        "Manager's full name",
        "Home address",
        "Phone number",
        "What did you like?",
    )
    rows = [
        (
            f"R_{i}",
            ("Dr. Ruth Oyelaran", "Ian Bell", "Una Vance", "Pat Reed", "Lee Ash", "Sam Orr")[i],
            f"https://site{i}.example",
            f"www.work{i}.example/me",
            ("Al Fox", "Bo Day")[i % 2],
            f"{i} High Street",
            f"+44 20 7946 09{i}0",
            WHY[i],
        )
        for i in range(6)
    ]
    corpus = study.of("a.csv", _csv(header, *rows))
    assert list(roles(corpus).values()) == ["participant", *["identifier"] * 6, "open text"]


def test_a_column_of_names_gives_made_up_codes(study):
    """Names are never codes; codes follow neither the names' order nor the rows'."""
    names = ("Ada Moss", "Ben Todd", "Cy Webb", "Dee Fox", "Eve Lund", "Flo Kim")
    corpus = study.of("a.csv", _csv(("participant", "answer"), *zip(names, WHY, strict=True)))
    called = {person.label.casefold(): person.code for person in corpus.people}
    assert set(called) == {name.casefold() for name in names}
    assert set(called.values()) == {f"P{i:02}" for i in range(1, 7)}
    assert [called[name.casefold()] for name in names] != sorted(called.values())
    assert [segment.text for segment in corpus] == list(WHY)
    assert not any("Moss" in segment.id or "Moss" in (segment.participant or "") for segment in corpus)


@pytest.mark.parametrize(
    "names",
    [
        ("maya@example.org", "omar@example.org"),
        ("maya okafor", "omar reyes"),
        ("MAYA OKAFOR", "OMAR REYES"),
        ("Maya", "Omar"),
        ("+44 7700 900112", "+44 7700 900113"),
        ("+447700900112", "+447700900113"),
        ("maya", "omar"),
        ("https://people.example/1", "https://people.example/2"),
    ],
)
def test_participants_that_are_no_ids_get_made_up_codes(study, names):
    """Whatever may name somebody is no code."""
    rows = [(names[i % 2], answer) for i, answer in enumerate(WHY)]
    corpus = study.of("a.csv", _csv(("participant", "answer"), *rows))
    assert {person.code for person in corpus.people} == {"P01", "P02"}
    assert [corpus.participant(i) for i in range(2)] * 3 == [corpus.participant(i) for i in range(6)]


@pytest.mark.parametrize(
    "ids",
    [
        ("P1", "P2"),
        ("science_0001", "science_0002"),
        ("R_3xAb1", "R_9yCd2"),
        ("A", "B"),
        ("Participant 7", "Participant 9"),
        ("118", "119"),
        ("7f9c2ba4-e88f-4277", "7f9c2ba4-e88f-4278"),
    ],
)
def test_participants_that_are_ids_keep_them(study, ids):
    """An id is a code as it stands."""
    rows = [(ids[i % 2], answer) for i, answer in enumerate(WHY)]
    assert {
        person.code for person in study.of("a.csv", _csv(("participant", "answer"), *rows)).people
    } == set(ids)


def test_a_table_about_one_participant(study):
    """A participant column that always names the same is one all the same."""
    corpus = study.of("a.csv", _csv(("participant", "answer"), *(("P4", answer) for answer in WHY)))
    assert [person.code for person in corpus.people] == ["P4"]


def test_long_tables_of_questions_and_answers(study, roles):
    """`participant,question,answer`: the question is each answer's own."""
    rows = [
        (f"P{i % 3}", q, WHY[i])
        for i, q in enumerate(("Why us?", "Why us?", "Why us?", "Why now?", "Why now?", "Why now?"))
    ]
    corpus = study.of("a.csv", _csv(("participant", "question", "answer"), *rows))
    assert roles(corpus) == {"participant": "participant", "question": "question", "answer": "open text"}
    assert [segment.question for segment in corpus] == ["Why us?"] * 3 + ["Why now?"] * 3
    assert corpus.segment(4).participant == "P1"


def test_a_row_a_turn(study, said, roles):
    """`session,speaker,text`: rows are turns; the same label in two sessions is two people."""
    rows = [
        (session, speaker, f"{words} in {session}{mark}")
        for session in ("s1", "s2")
        for speaker, words, mark in (
            ("Interviewer", "What is hard", "?"),
            ("Participant", "The mornings are", "."),
            ("Interviewer", "Why so", "?"),
            ("Participant", "The bus is late", "."),
        )
    ]
    corpus = study.of("a.csv", _csv(("session_id", "speaker", "text"), *rows))
    assert roles(corpus) == {"session_id": "participant", "speaker": "speaker", "text": "open text"}
    assert said(corpus)[:2] == [
        ("interviewer", None, "What is hard in s1?"),
        ("participant", "s1", "The mornings are in s1."),
    ]
    assert {person.code for person in corpus.people} == {"s1", "s2"}
    assert corpus.segment(1).locator.speaker == "Participant"


def test_a_turn_table_keeps_demographics(study):
    """Beside turns, the participant's demographics are the participant's."""
    rows = [
        ("P1", "Interviewer", "31", "Why did you come?"),
        ("P1", "Participant", "31", "The bus stops here."),
        ("P2", "Interviewer", "42", "Why did you come?"),
        ("P2", "Participant", "42", "My house is near."),
    ]
    corpus = study.of("a.csv", _csv(("participant", "speaker", "age", "text"), *rows))
    assert {person.code: dict(person.demographics) for person in corpus.people} == {
        "P1": {"age": "31"},
        "P2": {"age": "42"},
    }


def test_transcripts_in_cells(study, said):
    """A cell that holds a whole transcript is cut into turns of that row's participant."""
    cell = "Interviewer: What is hard, {0}?\nParticipant: The mornings.\n\nAll {0} of them.\nInterviewer: Why?\nParticipant: The bus."
    rows = [(f"T{i}", ("Nurse", "Baker")[i % 2], cell.format(i)) for i in range(1, 5)]
    corpus = study.of("a.csv", _csv(("transcript_id", "occupation", "transcript"), *rows))
    assert said(corpus)[:2] == [
        ("interviewer", None, "What is hard, 1?"),
        ("participant", "T1", "The mornings.\n\nAll 1 of them."),
    ]
    assert corpus.people[0].demographics == {"occupation": "Baker"}
    assert len(corpus) == 16
    assert corpus.segment(5).locator.row == 2


def test_running_numbers_in_two_tables_are_different_people(study, codes):
    """A column that only counts says nothing outside its table, unless it is named."""
    for name, answers in (("one.csv", WHY), ("two.csv", WISH)):
        study.write(name, _csv(("id", "answer"), *((i, answer) for i, answer in enumerate(answers, 1))))
    corpus = study.load()
    assert len(corpus.people) == 12
    assert "numbers_per_table" in codes(corpus)
    joined = study.load(participant_column="id")
    assert {person.code for person in joined.people} == {str(i) for i in range(1, 7)}


def test_running_numbers_with_transcripts_in_cells(study):
    """Numbered transcripts of two tables are different people, too, each with their own demographics."""
    cell = "Interviewer: What is hard?\nParticipant: The {0}.\nInterviewer: Why?\nParticipant: It is {0}."
    for name, word in (("one.csv", "bus"), ("two.csv", "rain")):
        study.write(
            name,
            _csv(
                ("id", "occupation", "transcript"),
                *((i, f"{word} seller", cell.format(word)) for i in range(1, 4)),
            ),
        )
    corpus = study.load()
    assert len(corpus.people) == 6
    assert (
        sorted(person.demographics["occupation"] for person in corpus.people)
        == ["bus seller"] * 3 + ["rain seller"] * 3
    )


def test_participant_column_option(study, roles):
    """`participant_column` names the column; another case of it is an error that shows the right one."""
    from persona_core.errors import ConfigurationError

    text = _csv(("badge", "answer"), *((f"b{i % 2}", answer) for i, answer in enumerate(WHY)))
    assert len(study.of("a.csv", text).people) == 6
    corpus = study.of("a.csv", text, participant_column="badge")
    assert {person.code for person in corpus.people} == {"b0", "b1"}
    with pytest.raises(ConfigurationError, match="badge"):
        study.of("a.csv", text, participant_column="Badge")


def test_column_roles_option(study, roles):
    """`column_roles` overrules what was found; an unknown role's error lists the roles."""
    from persona_core.errors import ConfigurationError

    text = _csv(
        ("who", "colour", "answer"),
        *((f"w{i}", ("red", "blue")[i % 2], answer) for i, answer in enumerate(WHY)),
    )
    corpus = study.of("a.csv", text, column_roles={"who": "identifier", "colour": "demographic"})
    assert roles(corpus) == {"who": "identifier", "colour": "demographic", "answer": "open text"}
    assert corpus.people[0].demographics["colour"] in {"red", "blue"}
    with pytest.raises(ConfigurationError, match="open text"):
        study.of("a.csv", text, column_roles={"colour": "hue"})


@pytest.mark.parametrize(
    ("rows", "count", "name"), [(0, 6, "column 2"), (2, 5, "answer: extra"), (3, 4, "answer")]
)
def test_header_rows_option(study, rows, count, name):
    """`header_rows` says how many rows are header; 0 names the columns by number."""
    head = {0: [], 2: [("id", "answer"), ("", "extra")], 3: [("id", "answer"), ("", "Why?"), ("a", "b")]}[
        rows
    ]
    body = [(f"A{i}", WHY[i]) for i in range(count)]
    corpus = study.of("a.csv", _csv(*head, *body), header_rows=rows)
    assert [segment.text for segment in corpus] == list(WHY[:count])
    assert corpus.segment(0).locator.field == name
    assert corpus.segment(0).locator.row == 1
