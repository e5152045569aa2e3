"""Text with speakers, in the shapes that people and tools write."""

from __future__ import annotations

import pytest


def test_user_and_ai(study, said):
    """`User:` answers and `AI:` asks, and a turn keeps its paragraphs."""
    corpus = study.of(
        "a.md",
        "AI: What do you bake?\n\nUser: Bread, mostly.\n\nAnd rye on Sundays.\n\nAI: Why rye?\n\nUser: My gran did.\n",
    )
    (person,) = corpus.people
    assert said(corpus) == [
        ("interviewer", None, "What do you bake?"),
        ("participant", person.code, "Bread, mostly.\n\nAnd rye on Sundays."),
        ("interviewer", None, "Why rye?"),
        ("participant", person.code, "My gran did."),
    ]
    assert [speaker.turns for speaker in corpus.sources[0].speakers] == [2, 2]


def test_participant_ids_are_labels(study, said):
    """`P01:` names a participant whose code is that id, in every file."""
    study.write("a.txt", "I: How do you plan?\nP01: On paper.\nI: Why?\nP01: It stays put.\n")
    study.write("b.txt", "I: And now?\nP01: Still paper.\nI: Always?\nP01: Always.\n")
    corpus = study.load()
    assert [person.code for person in corpus.people] == ["P01"]
    assert said(corpus)[1] == ("participant", "P01", "On paper.")
    assert said(corpus)[5] == ("participant", "P01", "Still paper.")


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("I", "P"),
        ("Interviewer", "Participant"),
        ("Moderator", "Speaker 2"),
        ("Q", "A"),
        ("Interviewer", "Speaker 2"),
    ],
)
def test_generic_labels_are_somebody_else_in_each_file(study, asks, answers):
    """A label that anybody may have is a new person in each file."""
    for name in ("one.txt", "two.txt"):
        study.write(
            name,
            f"{asks}: How was {name}?\n{answers}: Fine by me.\n{asks}: Anything else?\n{answers}: Not today, from {name}.\n",
        )
    corpus = study.load()
    assert len(corpus.people) == 2
    assert [segment.role.value for segment in corpus] == ["interviewer", "participant"] * 4
    assert corpus.participant(1) == corpus.participant(3) != corpus.participant(5)


def test_numbered_speakers_without_roles_are_unattributed(study, codes):
    """Two numbered voices, of whom neither asks, are nobody's words until somebody says whose."""
    text = "Speaker 1: I like it.\nSpeaker 2: I do too.\nSpeaker 1: It is warm.\nSpeaker 2: It is.\n"
    corpus = study.of("a.txt", text)
    assert {segment.role.value for segment in corpus} == {"unattributed"}
    assert "unattributed" in codes(corpus)
    assumed = study.of("a.txt", text, assume_participant=True)
    assert len(assumed.people) == 2
    assert {segment.role.value for segment in assumed} == {"participant"}
    named = study.of("a.txt", text, interviewers=("Speaker 1",))
    assert [segment.role.value for segment in named] == ["interviewer", "participant"] * 2
    answering = study.of("a.txt", text, participants=("Speaker 1",))
    assert [segment.role.value for segment in answering] == ["participant", "interviewer"] * 2


def test_a_name_is_one_person_across_files(study, said):
    """The same name in two files is one participant, and who asks in one file asks in all."""
    study.write(
        "a.txt", "Interviewer: Ready?\nMaya Okafor: Yes I am.\nInterviewer: And?\nMaya Okafor: I commute.\n"
    )
    study.write(
        "b.txt",
        "Interviewer: Again?\nMaya Okafor: Again, yes.\nInterviewer: So?\nMaya Okafor: By train now.\n",
    )
    corpus = study.load()
    (person,) = corpus.people
    assert person.label == "Maya Okafor"
    assert person.code == "P01"
    assert [text for role, code, text in said(corpus) if code == "P01"] == [
        "Yes I am.",
        "I commute.",
        "Again, yes.",
        "By train now.",
    ]


def test_an_interviewer_known_in_one_file_is_one_in_all(study):
    """Who asks in one file is not taken for a participant in another where they only chat."""
    study.write(
        "a.txt",
        "Interviewer: Tessa Lund\nDate: 3 May\n\nTessa Lund: What is hard?\nOmar Reyes: Mornings.\nTessa Lund: Why so?\nOmar Reyes: The bus.\n",
    )
    study.write(
        "b.txt",
        "Tessa Lund: Tell me about mornings.\nIda Holm: They are calm.\nTessa Lund: Go on.\nIda Holm: I walk to work.\n",
    )
    corpus = study.load()
    roles = {
        (source.name, speaker.label): speaker.role.value
        for source in corpus.sources
        for speaker in source.speakers
    }
    assert roles == {
        ("a.txt", "Tessa Lund"): "interviewer",
        ("a.txt", "Omar Reyes"): "participant",
        ("b.txt", "Tessa Lund"): "interviewer",
        ("b.txt", "Ida Holm"): "participant",
    }
    assert not any("Date" in segment.text or segment.text == "Tessa Lund" for segment in corpus)


def test_who_asks_much_more_often_is_the_interviewer(study):
    """Without labels that tell, the one who asks and talks less is the interviewer."""
    turns = [
        f"Anna Berg: What about step {i}?\nJo Kim: It takes an hour, more or less, for number {i}, with a break.\n"
        for i in range(5)
    ]
    corpus = study.of("a.txt", "".join(turns))
    assert {speaker.label: speaker.role.value for speaker in corpus.sources[0].speakers} == {
        "Anna Berg": "interviewer",
        "Jo Kim": "participant",
    }


def test_otter(study, said):
    """Otter writes `Name  0:12` over the words, and a line of its own at the end."""
    text = (
        "Dana Whitfield  0:03\nThanks for coming. What do you use?\n\nLuis Ortega  0:12\nA notebook, and my phone.\nBoth at once.\n\n"
        "Dana Whitfield  0:31\nWhy both?\n\nLuis Ortega  1:02:40\nThe phone dies.\n\nDana Whitfield  1:02:50\nDoes it?\n\nLuis Ortega  1:03:00\nEvery day.\n\n"
        "Transcribed by https://otter.ai\n"
    )
    corpus = study.of("a.txt", text)
    assert [text for _, _, text in said(corpus)] == [
        "Thanks for coming. What do you use?",
        "A notebook, and my phone.\nBoth at once.",
        "Why both?",
        "The phone dies.",
        "Does it?",
        "Every day.",
    ]
    assert corpus.segment(1).locator.time == (12.0, 31.0)
    assert corpus.segment(3).locator.time == (3760.0, 3770.0)
    assert [segment.role.value for segment in corpus] == ["interviewer", "participant"] * 3


def test_rev(study, said):
    """Rev writes `Name (00:12):` and the words below."""
    text = "Interviewer (00:01):\nHow do you start?\n\nSpeaker 2 (00:04):\nWith coffee.\n\nInterviewer (00:09):\nThen?\n\nSpeaker 2 (00:11):\nThen mail.\n"
    corpus = study.of("a.txt", text)
    (person,) = corpus.people
    assert said(corpus)[1] == ("participant", person.code, "With coffee.")
    assert corpus.segment(1).locator.time == (4.0, 9.0)


def test_descript(study, said):
    """Descript writes `[00:00:01] Name: words`, or a bold name."""
    corpus = study.of(
        "a.txt",
        "[00:00:01] Host: How so?\n[00:00:05] Guest: It grew on me.\n[00:00:09] Host: When?\n[00:00:12] Guest: In May.\n",
    )
    assert [text for _, _, text in said(corpus)] == ["How so?", "It grew on me.", "When?", "In May."]
    assert corpus.segment(2).locator.time == (9.0, 12.0)
    bold = study.of(
        "b.md",
        "**Interviewer:** How so?\n\n**Participant:** It grew on me.\n\n**Interviewer:** When?\n\n**Participant:** In May.\n",
    )
    assert [text for _, _, text in said(bold)] == ["How so?", "It grew on me.", "When?", "In May."]


def test_dovetail(study, said):
    """Dovetail's Markdown has a heading, a stamp and a bold name over the words."""
    text = "# Interview 4\n\n**Interviewer** 00:01\n\nWhat broke?\n\n**Participant** 00:07\n\nThe export did.\n\n**Interviewer** 00:12\n\nAnd then?\n\n**Participant** 00:15\n\nI wept.\n"
    corpus = study.of("a.md", text)
    assert [text for _, _, text in said(corpus)] == ["What broke?", "The export did.", "And then?", "I wept."]


def test_crlf_transcript(study, said):
    """Windows line ends change nothing."""
    text = (
        "Interviewer: One?\r\nParticipant: Two.\r\n\r\nThree.\r\nInterviewer: Four?\r\nParticipant: Five.\r\n"
    )
    corpus = study.of("a.txt", text)
    assert [text for _, _, text in said(corpus)] == ["One?", "Two.\r\n\r\nThree.", "Four?", "Five."]


def test_prose_with_colons_is_prose(study):
    """A few colons make no transcript."""
    text = "I went to town on Monday.\n\nNote: it rained. The market was shut, so I bought nothing at all.\n\nOne thing: I liked the walk.\n"
    corpus = study.of("a.txt", text)
    assert corpus.sources[0].kind == "prose"
    assert len(corpus) == 3
    assert len(corpus.people) == 1


def test_a_list_inside_a_turn_stays_in_it(study, said):
    """Headed lines inside an answer are no speakers."""
    text = "AI: What do you use?\n\nUser: Two things.\n\nPros: it is quick\nCons: it is dear\nMorning: coffee\n\nAI: And?\n\nUser: That is all.\n"
    corpus = study.of("a.md", text)
    assert said(corpus)[1][2] == "Two things.\n\nPros: it is quick\nCons: it is dear\nMorning: coffee"
    assert len(corpus) == 4


def test_a_meeting_without_an_interviewer_is_unattributed(study, codes):
    """Colleagues who talk are quoted only where somebody says that they are participants."""
    text = "".join(
        f"{name}: We could move it to slot {i}.\n"
        for i in range(4)
        for name in ("Ana Ruiz", "Ben Todd", "Cy Webb")
    )
    corpus = study.of("a.txt", text)
    assert {segment.role.value for segment in corpus} == {"unattributed"}
    assert not any(corpus.quotable(i) for i in range(len(corpus)))
    (notice,) = [notice for notice in corpus.notices if notice.code == "unattributed"]
    assert "“Ana Ruiz”, “Ben Todd”, “Cy Webb”" in notice.message


def test_what_a_transcriber_wrote_is_not_said(study):
    """A turn of nothing but an annotation is counted, not loaded."""
    corpus = study.of("a.txt", "I: Well?\nP: [laughs]\nI: Go on?\nP: It works.\n")
    assert [segment.text for segment in corpus] == ["Well?", "Go on?", "It works."]
    assert corpus.sources[0].left_out == {"turns without words": 1}


def test_the_head_of_a_transcript_is_not_said(study):
    """`Key: value` lines above the first turn are counted and nobody's words."""
    text = "# Session 3\n\nParticipant: P07\nDate: 2 May\nDuration: 40 min\n\nInterviewer: What is it?\nParticipant: A kettle.\nInterviewer: Hot?\nParticipant: Very hot.\n"
    corpus = study.of("a.md", text)
    assert [person.code for person in corpus.people] == ["P07"]
    assert [segment.text for segment in corpus] == ["What is it?", "A kettle.", "Hot?", "Very hot."]
    assert corpus.sources[0].left_out == {"lines before the first turn": 4}


def test_the_file_name_gives_the_id(study):
    """`P03-interview.md` is about P03; two files that share no id are two people."""
    study.write("P03-interview.md", "I: How?\nP: Like so.\nI: Why?\nP: Habit.\n")
    study.write("session_P11.txt", "I was there all day, and it was fine by me.")
    assert {person.code for person in study.load().people} == {"P03", "P11"}


ASKED_AND_SAID = [
    ("interviewer", "How?"),
    ("participant", "By bus."),
    ("interviewer", "Far?"),
    ("participant", "Quite far."),
]


@pytest.mark.parametrize(
    "text",
    [
        "INTERVIEWER: How?\nRESPONDENT: By bus.\nINTERVIEWER: Far?\nRESPONDENT: Quite far.\n",
        "[Interviewer] How?\n[Participant] By bus.\n[Interviewer] Far?\n[Participant] Quite far.\n",
        "Interviewer - How?\nParticipant - By bus.\nInterviewer – Far?\nParticipant – Quite far.\n",
        "Q. How?\nA. By bus.\nQ. Far?\nA. Quite far.\n",
        "Q1: How?\nA1: By bus.\nQ2: Far?\nA2: Quite far.\n",
        "## Interviewer\n\nHow?\n\n## Participant\n\nBy bus.\n\n## Interviewer\n\nFar?\n\n## Participant\n\nQuite far.\n",
        "**Interviewer**\nHow?\n\n**Participant**\nBy bus.\n\n**Interviewer**\nFar?\n\n**Participant**\nQuite far.\n",
        "Interviewer: (00:01)\nHow?\n\nSpeaker 2: (00:03)\nBy bus.\n\nInterviewer: (00:05)\nFar?\n\nSpeaker 2: (00:07)\nQuite far.\n",
        "[Interviewer] 10:02:11\nHow?\n\n[Participant] 10:02:15\nBy bus.\n\n[Interviewer] 10:02:20\nFar?\n\n[Participant] 10:02:25\nQuite far.\n",
        "00:00:00\n\nInterviewer: How?\nParticipant: By bus.\n\n00:05:00\n\nInterviewer: Far?\nParticipant: Quite far.\n",
        "Interviewerin: How?\nBefragter: By bus.\nInterviewerin: Far?\nBefragter: Quite far.\n",
    ],
    ids=[
        "capitals",
        "brackets",
        "dashes",
        "dots",
        "numbers",
        "headings",
        "bold",
        "rev",
        "zoom",
        "meet",
        "german",
    ],
)
def test_labels_of_every_look(study, text):
    """However a label is set off, who asks is no participant, and the label is not said."""
    corpus = study.of("a.md", text)
    assert [(segment.role.value, segment.text) for segment in corpus] == ASKED_AND_SAID
    assert len(corpus.people) == 1


def test_a_focus_group_by_first_names(study, said):
    """Who speaks once among others of one name each is somebody, not the one before."""
    corpus = study.of(
        "a.txt",
        "Moderator: How?\nAnna: By bus.\nBob: By bike.\nModerator: Far?\nAnna: Quite.\nCleo: Not me.\n",
    )
    called = {person.code: person.label for person in corpus.people}
    assert [called.get(code) for _, code, _ in said(corpus)] == [None, "Anna", "Bob", None, "Anna", "Cleo"]


def test_observers_do_not_answer(study):
    """A note taker's or a system's turn is context."""
    corpus = study.of(
        "a.txt",
        "Interviewer: How?\nP1: By bus.\nObserver: The sound is off.\nP1: Every day.\nSystem: Recording stopped.\n",
    )
    assert [segment.role.value for segment in corpus] == [
        "interviewer",
        "participant",
        "interviewer",
        "participant",
        "interviewer",
    ]


def test_letters_are_not_question_and_answer(study):
    """`A:` answers beside `Q:`; beside `B:` it is only a letter."""
    corpus = study.of("a.txt", "A: It is warm.\nB: It is.\nA: Very much.\nB: Quite.\n")
    assert {segment.role.value for segment in corpus} == {"unattributed"}


def test_bold_questions_are_asked(study):
    """A bold question over a paragraph is that paragraph's question, and nobody's words."""
    corpus = study.of(
        "a.md", "**How do you travel?**\n\nBy bus, and I like it.\n\n**Is it far?**\n\nQuite far.\n"
    )
    assert [(segment.question, segment.text) for segment in corpus] == [
        ("How do you travel?", "By bus, and I like it."),
        ("Is it far?", "Quite far."),
    ]
    assert corpus.sources[0].left_out == {"questions": 2}


def test_lone_stamps_are_not_said(study):
    """A line that is only a time is nobody's words."""
    corpus = study.of("a.txt", "0:00\nhello and welcome\n0:03\nto this talk about bees\n")
    assert [segment.text for segment in corpus] == ["hello and welcome", "to this talk about bees"]


@pytest.mark.parametrize(
    "line",
    [
        "[05/01/2026, 10:0{n}:01] {who}: {words}",
        "\u200e[05.01.26, 10:0{n}:01 PM] {who}: {words}",
        "5/1/26, 10:0{n} - {who}: {words}",
    ],
)
def test_a_chat_with_dates_has_speakers_and_no_recording_time(study, said, line):
    """An exported chat is cut at its dated lines; a time of day is no place in a recording."""
    turns = [("Rita", "Where do you plan?"), ("Maya", "On paper."), ("Rita", "Why?"), ("Maya", "It stays.")]
    turns += [("Rita", "Is that all?"), ("Maya", "It is all.")]
    text = "\n".join(line.format(n=n, who=who, words=words) for n, (who, words) in enumerate(turns))
    corpus = study.of("chat.txt", text)
    assert [role for role, _, _ in said(corpus)] == ["interviewer", "participant"] * 3
    assert said(corpus)[1] == ("participant", "P01", "On paper.")
    assert corpus.segment(1).locator.time is None


@pytest.mark.parametrize(
    ("asks", "answers", "colon"),
    [
        ("質問者", "回答者", "："),
        ("主持人", "受访者", "："),
        ("진행자", "참가자", ": "),
        ("المحاور", "المشارك", ": "),
        ("Интервьюер", "Респондент", ": "),
    ],
)
def test_labels_of_other_scripts(study, said, asks, answers, colon):
    """Who asks and who answers is told in scripts without capitals, and after a full-width colon."""
    corpus = study.of("a.txt", f"{asks}{colon}A?\n{answers}{colon}B.\n{asks}{colon}C?\n{answers}{colon}D.\n")
    assert said(corpus)[:2] == [("interviewer", None, "A?"), ("participant", "P01", "B.")]


def test_names_of_scripts_without_capitals_are_never_one_participant(study, codes):
    """Two names without capitals are two voices, though nothing tells who asks."""
    corpus = study.of("a.txt", "田中：はい。\n鈴木：いいえ。\n田中：そう。\n鈴木：うん。\n")
    assert "unattributed" in codes(corpus)


def test_who_speaks_once_is_not_taken_for_who_spoke_before(study, said):
    """Where every line opens a turn, a single word before a colon is a speaker, if only once."""
    corpus = study.of(
        "a.txt",
        "Moderator: What annoys you?\nMaya Okafor: The login.\nJon Stone: The login too.\nModerator: And Jon?\n"
        "Jon Stone: Passwords.\nMaya Okafor: Yes.\nZed: I only want it fast.\n",
    )
    (zed,) = [person.code for person in corpus.people if person.label == "Zed"]
    assert said(corpus)[-1] == ("participant", zed, "I only want it fast.")


def test_a_name_after_a_single_question_answers(study, said):
    """One question and one answer are two voices."""
    corpus = study.of("a.txt", "Interviewer: What would help?\nMaya: An undo button.\n")
    assert said(corpus) == [
        ("interviewer", None, "What would help?"),
        ("participant", "P01", "An undo button."),
    ]


def test_a_list_in_a_turn_names_nobody(study):
    """A list's headings among turns that run over lines are words of the turn."""
    corpus = study.of(
        "a.txt", "AI: What do you do?\nUser: This:\nMonday: gym\nand so on\nAI: Why?\nUser: Fun.\n"
    )
    assert len(corpus.people) == 1
    assert "Monday: gym" in corpus.columns.texts[1]


def test_the_head_of_a_text_without_speakers_is_not_quoted(study, said):
    """`Name: …` and `Date: …` above somebody's own text are nobody's words."""
    corpus = study.of(
        "a.txt", "Name: Ada Moss\nE-mail: ada@example.com\nAge: 34\n\nI plan on paper.\n\nIt stays put.\n"
    )
    assert [text for _, _, text in said(corpus)] == ["I plan on paper.", "It stays put."]
    assert corpus.sources[0].left_out == {"lines of the head": 3}


def test_a_bold_question_right_above_its_answer_is_the_question(study):
    """A bold question needs no blank line below it."""
    corpus = study.of("a.md", "**Where do you plan?**\nOn paper.\n\n**Why?**\nIt stays put.\n")
    assert [(segment.question, segment.text) for segment in corpus] == [
        ("Where do you plan?", "On paper."),
        ("Why?", "It stays put."),
    ]
