"""WebVTT and SubRip: cues joined into turns, each a segment of several parts."""

from __future__ import annotations

from persona_core.loading import read_back


def test_zoom_vtt(study, said):
    """Zoom writes `Name: words` in each cue; cues of one speaker are one turn of several parts."""
    text = (
        "WEBVTT\r\n\r\n1\r\n00:00:01.000 --> 00:00:03.500\r\nPriya Nair: What do you do first?\r\n\r\n"
        "2\r\n00:00:04.000 --> 00:00:06.000\r\nTom Ward: I open the app,\r\n\r\n"
        "3\r\n00:00:06.000 --> 00:00:09.250\r\nTom Ward: and then I wait.\r\n\r\n"
        "4\r\n00:00:10.000 --> 00:00:11.000\r\nPriya Nair: How long?\r\n\r\n5\r\n00:00:11.500 --> 00:00:13.000\r\nTom Ward: A minute.\r\n\r\n"
        "6\r\n00:00:14.000 --> 00:00:15.000\r\nPriya Nair: Is it slow?\r\n\r\n7\r\n00:00:16.000 --> 00:00:17.000\r\nTom Ward: On the train it is slow.\r\n"
    )
    corpus = study.of("call.vtt", text)
    (person,) = corpus.people
    assert person.label == "Tom Ward"
    assert said(corpus)[:2] == [
        ("interviewer", None, "What do you do first?"),
        ("participant", person.code, "I open the app, and then I wait."),
    ]
    locator = corpus.segment(1).locator
    assert len(locator.parts) == 2
    assert locator.time == (4.0, 9.25)
    assert locator.speaker == "Tom Ward"
    assert read_back(locator, text.encode()) == "I open the app, and then I wait."


def test_voice_tags(study, said):
    """WebVTT's `<v Name>` names who speaks; the tags are no words, and an unclosed one is fine."""
    text = (
        "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000\n<v Interviewer>Why <i>that</i> one?</v>\n\n"
        "00:02.000 --> 00:04.000\n<v Maya Okafor>It was near\nand it was cheap.\n\n00:04.000 --> 00:05.000\n<v.loud Maya Okafor>And red.</v>\n"
    )
    corpus = study.of("a.vtt", text)
    assert said(corpus) == [
        ("interviewer", None, "Why that one?"),
        ("participant", "P01", "It was near and it was cheap. And red."),
    ]
    assert len(corpus.segment(1).locator.parts) == 3
    assert corpus.segment(1).locator.time == (2.0, 5.0)


def test_teams_vtt(study, said):
    """Teams has an identifier above each timing, and one voice tag a cue."""
    cue = "{0}/{1}-0\n00:00:0{1}.100 --> 00:00:0{2}.900\n<v {3}>{4}</v>\n\n"
    uid = "0d2c1f7e-7a43-4c5d-9a88-3f2f0c1a9b10"
    lines = [
        ("Lund, Tessa", "What is hard?"),
        ("Omar Reyes", "The mornings."),
        ("Lund, Tessa", "Why are they?"),
        ("Omar Reyes", "The bus is late."),
        ("Lund, Tessa", "Often?"),
        ("Omar Reyes", "Each day."),
    ]
    text = "WEBVTT\n\n" + "".join(
        cue.format(uid, i, i + 1, name, words) for i, (name, words) in enumerate(lines)
    )
    corpus = study.of("a.vtt", text)
    assert [text for _, _, text in said(corpus)] == [words for _, words in lines]
    assert [speaker.label for speaker in corpus.sources[0].speakers] == ["Lund, Tessa", "Omar Reyes"]
    assert [segment.role.value for segment in corpus] == ["interviewer", "participant"] * 3


def test_rolling_captions_count_once(study):
    """YouTube's automatic captions repeat each line in the next cue, with timing tags in it."""
    text = (
        "WEBVTT\nKind: captions\nLanguage: en\n\n"
        "00:00:00.000 --> 00:00:02.000 align:start position:0%\n \nso<00:00:00.400><c> the</c><00:00:00.800><c> first</c> thing\n\n"
        "00:00:02.000 --> 00:00:02.010 align:start position:0%\nso the first thing\n \n\n"
        "00:00:02.010 --> 00:00:04.000 align:start position:0%\nso the first thing\nis<00:00:02.400><c> a</c> list\n\n"
        "00:00:04.000 --> 00:00:04.010 align:start position:0%\nis a list\n \n\n"
        "00:00:04.010 --> 00:00:06.000 align:start position:0%\nis a list\nof<00:00:04.400><c> names.</c>\n"
    )
    corpus = study.of("auto.vtt", text)
    assert [segment.text for segment in corpus] == ["so the first thing is a list of names."]
    assert corpus.people[0].label == "auto.vtt"
    assert read_back(corpus.locator(0), text.encode()) == corpus.segment(0).text


def test_what_is_said_twice_stays_twice(study):
    """Only a caption that rolls on is a repetition; who says it again later says it."""
    text = "1\n00:00:01,000 --> 00:00:02,000\nNo.\n\n2\n00:00:05,000 --> 00:00:06,000\nNo.\n"
    corpus = study.of("a.srt", text)
    assert " ".join(segment.text for segment in corpus) == "No. No."


def test_srt_with_labels(study, said):
    """SubRip with `[Name]:` or `Name:`, blank lines or none between the cues."""
    text = "1\n00:00:01,000 --> 00:00:02,000\nInterviewer: How?\n2\n00:00:03,000 --> 00:00:04,000\nP4: By bike,\n3\n00:00:04,000 --> 00:00:05,000\neven in rain.\n"
    corpus = study.of("a.srt", text)
    assert said(corpus) == [("interviewer", None, "How?"), ("participant", "P4", "By bike, even in rain.")]


def test_captions_without_speakers_end_at_sentences(study):
    """Without speakers a pause after a sentence ends a segment, and all are the file's one participant's."""
    text = "1\n00:00:01,000 --> 00:00:02,000\nI keep bees.\n\n2\n00:00:09,000 --> 00:00:10,000\nThey keep\n\n3\n00:00:10,000 --> 00:00:11,000\nme busy.\n"
    corpus = study.of("bees.srt", text)
    assert [segment.text for segment in corpus] == ["I keep bees.", "They keep me busy."]
    assert len(corpus.people) == 1


def test_stamped_lines(study):
    """Whisper's plain output has a stamp before each line."""
    text = "[00:00.000 --> 00:02.000]  I keep bees and\n[00:02.000 --> 00:04.000]  they keep me.\n"
    corpus = study.of("a.txt", text)
    assert corpus.sources[0].kind == "subtitles"
    assert [segment.text for segment in corpus] == ["I keep bees and they keep me."]
    assert corpus.locator(0).time == (0.0, 4.0)
