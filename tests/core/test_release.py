"""Release: what is rendered is what is audited, and nothing that leaks gets out."""

from __future__ import annotations

import json
from collections import Counter

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona_core.auditing import Auditor
from persona_core.errors import ConfigurationError, LeakError
from persona_core.models import Claim, Persona
from persona_core.models.script import Identity, PsychologicalProfile, Script, ScriptFormat
from persona_core.pipeline import ReleaseOptions, generate, release
from persona_core.pipeline.releasing import _Door
from persona_core.testing import sample_corpus
from persona_core.text import sentence_spans, words

FORMS = list(ScriptFormat)


@pytest.fixture(scope="module")
def corpus():
    """The sample study."""
    return sample_corpus()


@pytest.fixture(scope="module")
def made(corpus):
    """Its personas."""
    return anyio.run(generate, corpus)


@pytest.fixture(scope="module")
def auditor(corpus):
    """One index for all."""
    return Auditor(corpus)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_every_persona_is_released_or_refused_with_reasons(made, corpus, auditor, form):
    """And what is released passes the audit again, as it is."""
    for persona in made.personas:
        options = ReleaseOptions(format=form)
        try:
            released = release(persona, corpus, options, auditor=auditor)
        except LeakError as error:
            released, why = None, error.report.refused_for
        if released is None:
            assert why
            continue
        assert released.audit.passed
        assert released.audit.corpus_checked
        assert str(released)
        said = released.script.provenance.privacy_audit
        assert said is not None
        assert said.leakage_score <= options.threshold


def test_the_same_persona_gives_the_same_bytes(made, corpus, auditor):
    """Without a time nothing differs."""
    one, other = (release(made.personas[0], corpus, auditor=auditor) for _ in range(2))
    assert one.content == other.content


PLACES = (
    "name",
    "title",
    "demographics_summary",
    "goal",
    "pain point",
    "flaw",
    "tone",
    "pattern",
    "rule",
    "knows",
)


def planted(said: str, place: str) -> Script:
    """A script with words in one place."""
    script = Script(id="persona-001", identity=Identity(name="Maya Okafor"))
    match place:
        case "name" | "title" | "demographics_summary":
            return script.model_copy(update={"identity": script.identity.model_copy(update={place: said})})
        case "goal" | "pain point" | "flaw":
            field = {"goal": "goals", "pain point": "pain_points", "flaw": "flaws"}[place]
            return script.model_copy(
                update={"psychological_profile": PsychologicalProfile(**{field: (said,)})}
            )
        case "tone":
            style = script.communication_style.model_copy(update={"tone": said})
            return script.model_copy(update={"communication_style": style})
        case "pattern":
            style = script.communication_style.model_copy(update={"speech_patterns": (said,)})
            return script.model_copy(update={"communication_style": style})
        case "rule":
            rules = script.guidelines.model_copy(update={"additional_rules": (said,)})
            return script.model_copy(update={"guidelines": rules})
        case _:
            known = script.knowledge_boundaries.model_copy(update={"knows": (said,)})
            return script.model_copy(update={"knowledge_boundaries": known})


@pytest.fixture(scope="module")
def rare(corpus):
    """The sentences of six and more words that fewer than three say."""
    texts = [text[a:b] for text in corpus.columns.texts for a, b in sentence_spans(text)]
    return [text for text, times in Counter(texts).items() if len(words(text)) >= 6 and times < 3]


@settings(max_examples=1000)
@given(data=st.data(), place=st.sampled_from(PLACES), form=st.sampled_from(FORMS[:5]))
def test_a_planted_sentence_is_always_refused(made, corpus, rare, auditor, data, place, form):
    """Any rare sentence, in any field of any form."""
    sentence = data.draw(st.sampled_from(rare))
    around = data.draw(
        st.tuples(st.sampled_from(["", "Indeed, ", "She says: “"]), st.sampled_from(["", " And so on.", "”"]))
    )
    door = _Door(made.personas[0], corpus, ReleaseOptions(format=form), auditor)
    with pytest.raises(LeakError):
        door.let_out(planted(sentence.join(around), place))


def test_a_planted_sentence_is_refused_in_a_picture(made, corpus, auditor):
    """In the cards inside it."""
    door = _Door(made.personas[0], corpus, ReleaseOptions(format=ScriptFormat.tavern_png), auditor)
    with pytest.raises(LeakError) as error:
        door.let_out(planted("There is no signal at the stop, so my ticket won't load", "goal"))
    assert any(each.kind == "verbatim" for each in error.value.report.findings)


def test_a_template_of_ones_own_is_audited_too(made, corpus, auditor):
    """Words that stand in the template leave with it."""
    own = "{{ identity.name }} says: There is no signal at the stop, so my ticket won't load."
    options = ReleaseOptions(format=ScriptFormat.jinja2_template, template=own)
    with pytest.raises(LeakError):
        release(made.personas[0], corpus, options, auditor=auditor)


def test_the_report_of_a_refusal_holds_nobodys_words(made, corpus, auditor):
    """Only places and reasons."""
    door = _Door(made.personas[0], corpus, ReleaseOptions(), auditor)
    with pytest.raises(LeakError) as error:
        door.let_out(planted("There is no signal at the stop, so my ticket won't load", "goal"))
    said = error.value.report.model_dump_json() + str(error.value)
    assert "ticket won't load" not in said
    assert "signal at the stop" not in said


class TestBadInput:
    def test_an_empty_persona_and_one_without_claims(self, corpus):
        """A script that says it knows little, never an error."""
        for persona in (Persona(id="x", name="Ann"), Persona(id="y", name="", title="Nobody")):
            released = release(persona, corpus)
            assert json.loads(str(released))["id"] == persona.id

    def test_another_tools_persona(self, corpus):
        """Claims without evidence."""
        persona = Persona(id="x", name="Ann", goals=(Claim(text="Wants to arrive on time."),))
        assert release(persona, corpus).audit.passed

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"threshold": 1.5}, "between 0 and 1"),
            ({"threshold": float("nan")}, "between 0 and 1"),
            ({"k": 0}, "at least 1"),
            ({"require_sources": True}, "no sources"),
            ({"template": "x"}, "jinja2_template"),
            ({"yaml": True, "format": ScriptFormat.system_prompt}, "YAML"),
        ],
    )
    def test_options_that_cannot_be_met(self, made, options, said):
        """In one sentence."""
        with pytest.raises(ConfigurationError, match=said):
            release(made.personas[0], None, ReleaseOptions(**options))

    def test_without_sources_that_is_said(self, made):
        """The audit says that the corpus was not checked."""
        try:
            audit = release(made.personas[0]).audit
        except LeakError as error:
            audit = error.report
        assert not audit.corpus_checked


@pytest.mark.parametrize("form", FORMS)
def test_a_script_says_that_nobody_compared_it_with_the_sources(made, corpus, form):
    """Where they are not at hand; in every form."""
    options = ReleaseOptions(format=form)
    without = release(made.personas[0], None, options)
    checked = without.script.provenance.privacy_audit
    assert checked is not None
    assert not checked.corpus_checked
    said = ("not compared with the research material", '"corpus_checked": false')
    assert any(each in str(without) for each in said)
    compared = release(made.personas[0], corpus, options)
    assert not any(each in str(compared) for each in said)
