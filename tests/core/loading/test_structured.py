"""JSON, JSON Lines and YAML: turns, recognised speech, records."""

from __future__ import annotations

import json

import pytest
import yaml

from persona_core.errors import LoadError
from persona_core.loading import read_back

TURNS = [
    {"speaker": "Interviewer", "text": "What slows you down?"},
    {"speaker": "Ada Moss", "text": "Forms, always forms."},
    {"speaker": "Interviewer", "text": "Which?"},
    {"speaker": "Ada Moss", "text": "Travel claims."},
]


@pytest.mark.parametrize(
    ("speaker", "text"),
    [
        ("speaker", "text"),
        ("speaker", "content"),
        ("role", "content"),
        ("name", "message"),
        ("speaker_name", "transcript"),
        ("author", "body"),
    ],
)
def test_lists_of_turns(study, said, speaker, text):
    """A list of `{speaker, text}` under any of their usual names is a transcript."""
    document = [{speaker: turn["speaker"], text: turn["text"], "id": i} for i, turn in enumerate(TURNS)]
    corpus = study.of("a.json", json.dumps(document))
    assert corpus.sources[0].kind == "transcript"
    assert said(corpus)[:2] == [
        ("interviewer", None, "What slows you down?"),
        ("participant", "P01", "Forms, always forms."),
    ]
    assert corpus.segment(1).locator.field == f"/1/{text}"
    assert corpus.segment(1).locator.speaker == "Ada Moss"


def test_nested_turns(study):
    """Turns may lie deep in a document; a key with a slash is escaped."""
    document = {"meta": {"title": "x"}, "a/b": [{"chapter": 1, "turns": TURNS}]}
    corpus = study.of("a.json", json.dumps(document))
    assert len(corpus) == 4
    assert corpus.segment(1).locator.field == "/a~1b/0/turns/1/text"


def test_one_list_of_turns_per_participant(study):
    """Interviews in one file belong to the participant whom each names."""
    people = [
        {
            "participant_id": f"P{i}",
            "turns": [
                {"role": "assistant", "content": f"Number {i}?"},
                {"role": "user", "content": f"I am {i}."},
            ]
            * 2,
        }
        for i in (4, 9)
    ]
    corpus = study.of("a.json", json.dumps(people))
    assert {person.code for person in corpus.people} == {"P4", "P9"}
    assert [corpus.participant(i) for i in range(8)] == [None, "P4", None, "P4", None, "P9", None, "P9"]


def test_whisper(study):
    """Whisper's segments are joined into sentences, with times; its full text is not loaded twice."""
    segments = [
        {"id": 0, "start": 0.0, "end": 2.5, "text": " I keep bees and"},
        {"id": 1, "start": 2.5, "end": 4.0, "text": " they keep me."},
    ]
    corpus = study.of(
        "a.json",
        json.dumps({"text": " I keep bees and they keep me.", "segments": segments, "language": "en"}),
    )
    assert [segment.text for segment in corpus] == ["I keep bees and they keep me."]
    assert corpus.locator(0).time == (0.0, 4.0)
    assert len(corpus.locator(0).parts) == 2


def test_diarised_speech(study, codes):
    """Whisper with speakers is a transcript, unattributed while nobody can tell who asks."""
    segments = [
        {"start": float(i), "end": i + 1.0, "text": f"It is number {i}.", "speaker": f"SPEAKER_0{i % 2}"}
        for i in range(6)
    ]
    corpus = study.of("a.json", json.dumps({"segments": segments}))
    assert [speaker.label for speaker in corpus.sources[0].speakers] == ["SPEAKER_00", "SPEAKER_01"]
    assert "unattributed" in codes(corpus)


def test_records(study, roles):
    """A list of records is a table; locators are pointers."""
    records = [
        {
            "participant": f"P{i}",
            "age": 30 + i,
            "answers": {"why": f"Because number {i} was nearest to my house."},
        }
        for i in range(5)
    ]
    corpus = study.of("a.json", json.dumps({"responses": records}))
    assert roles(corpus) == {"participant": "participant", "age": "demographic", "answers/why": "open text"}
    assert corpus.segment(3).locator.field == "/responses/3/answers/why"
    assert corpus.segment(3).locator.row is None
    assert corpus.segment(3).participant == "P3"
    assert corpus.people[0].demographics == {"age": "30"}


def test_json_lines(study):
    """Each line is a record, counted in `row`."""
    lines = "".join(
        json.dumps({"respondent": f"R{i}", "comment": f"I liked the number {i} best of all."}) + "\n\n"
        for i in range(4)
    )
    corpus = study.of("a.jsonl", lines)
    assert (
        corpus.segment(2).participant,
        corpus.segment(2).locator.row,
        corpus.segment(2).locator.field,
    ) == ("R2", 3, "/comment")


def test_yaml(study, said):
    """YAML is read like JSON."""
    corpus = study.of("a.yaml", yaml.safe_dump({"turns": TURNS}))
    assert [text for _, _, text in said(corpus)] == [turn["text"] for turn in TURNS]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.json", '[\n{"a": 1},\n{"a": }]', "line 3"),
        ("a.jsonl", '{"a": "b"}\n{"a"\n', "line 2"),
        ("a.yaml", "a: 1\nb: [1\n", "line 3"),
    ],
)
def test_broken_documents_name_the_line(study, name, text, place):
    """What does not parse is refused with the line."""
    with pytest.raises(LoadError) as caught:
        study.of(name, text)
    assert caught.value.place == place
    assert caught.value.path.endswith(name)


def test_yaml_is_only_data(study, tmp_path):
    """A YAML tag makes no object and calls nothing."""
    made = tmp_path / "made"
    with pytest.raises(LoadError, match="not valid YAML"):
        study.of("a.yaml", f"!!python/object/apply:os.mkdir ['{made.as_posix()}']\n")
    assert not made.exists()


def test_deep_nesting_is_refused(study):
    """A document too deep to be one is an error, not a crash."""
    with pytest.raises(LoadError):
        study.of("a.json", "[" * 100_000 + "]" * 100_000)


def test_identifiers_in_records_are_not_words(study):
    """E-mail addresses in records are identifiers."""
    records = [
        {"email": f"a{i}@example.org", "comment": f"The number {i} was too small for me."} for i in range(5)
    ]
    corpus = study.of("a.json", json.dumps(records))
    assert not any("@" in segment.text for segment in corpus)
    assert not any("@" in str(person) for person in corpus.people)


def test_numbered_voices(study):
    """Recognised speech numbers its voices; they are kept apart, and nobody guesses who asks."""
    utterances = [
        {"speaker": i % 2, "transcript": f"It is number {i}.", "start": i + 0.1, "end": i + 0.9}
        for i in range(4)
    ]
    corpus = study.of("a.json", json.dumps({"utterances": utterances}))
    assert [segment.locator.speaker for segment in corpus] == ["Speaker 0", "Speaker 1"] * 2
    assert {segment.role.value for segment in corpus} == {"unattributed"}


def test_milliseconds(study):
    """Whole numbers too far apart for the words between them are milliseconds."""
    utterances = [
        {"speaker": "AB"[i % 2], "text": f"It is number {i}.", "start": i * 1000, "end": i * 1000 + 900}
        for i in range(4)
    ]
    corpus = study.of("a.json", json.dumps({"utterances": utterances}))
    assert [segment.locator.time for segment in corpus] == [(0.0, 0.9), (1.0, 1.9), (2.0, 2.9), (3.0, 3.9)]


def test_a_chat_log(study):
    """A chat's system prompt is context, the assistant asks, the user answers."""
    messages = [
        ("system", "You interview people."),
        ("assistant", "How?"),
        ("user", "By bus."),
        ("assistant", "Far?"),
        ("user", "Quite."),
    ]
    corpus = study.of(
        "a.json", json.dumps({"messages": [{"role": role, "content": text} for role, text in messages]})
    )
    assert [segment.role.value for segment in corpus] == [
        "interviewer",
        "interviewer",
        "participant",
        "interviewer",
        "participant",
    ]
    assert len(corpus.people) == 1


def test_words_by_participant(study):
    """A document whose keys are participants' ids is theirs, each their own."""
    corpus = study.of(
        "a.json",
        json.dumps({"P1": "I walk to work each day.", "P2": ["The bus is late again.", "I wait for it."]}),
    )
    assert [(segment.participant, segment.locator.field) for segment in corpus] == [
        ("P1", "/P1"),
        ("P2", "/P2/0"),
        ("P2", "/P2/1"),
    ]


def test_lines_that_are_conversations(study, said):
    """A JSON Lines file with a conversation a line has who asks and who answers, somebody else in each line."""
    lines = [
        {
            "messages": [
                {"role": "assistant", "content": f"What is {thing}?"},
                {"role": "user", "content": f"It is {thing}."},
            ]
        }
        for thing in ("red", "blue")
    ]
    text = "\n".join(json.dumps(line) for line in [*lines, {"messages": []}])
    corpus = study.of("a.jsonl", text)
    assert [(role, words) for role, _, words in said(corpus)] == [
        ("interviewer", "What is red?"),
        ("participant", "It is red."),
        ("interviewer", "What is blue?"),
        ("participant", "It is blue."),
    ]
    assert corpus.participant(1) != corpus.participant(3)
    assert corpus.sources[0].left_out == {"lines without turns": 1}
    locator = corpus.segment(3).locator
    assert (locator.row, locator.field) == (2, "/messages/1/content")
    assert read_back(locator, text.encode()) == "It is blue."


def test_a_turn_in_blocks(study, said):
    """A turn's content may be a list of blocks, of which those with text are said."""
    turns = [
        {"role": "assistant", "content": "What slows you down?"},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Forms, always forms."}]},
        {"role": "assistant", "content": None},
    ]
    text = json.dumps({"messages": [*turns, *(turns[:2] * 5)]})
    corpus = study.of("a.json", text)
    assert said(corpus)[:2] == [
        ("interviewer", None, "What slows you down?"),
        ("participant", "P01", "Forms, always forms."),
    ]
    assert read_back(corpus.segment(1).locator, text.encode()) == "Forms, always forms."
    assert corpus.sources[0].left_out == {"turns without words": 1}
