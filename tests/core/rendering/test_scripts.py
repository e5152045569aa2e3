"""Scripts in every form: what is written is read back, and holds nothing that a reader takes for code."""

import base64
import io
import json
import re
import struct
import zlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from persona_core.errors import ConfigurationError, LoadError
from persona_core.models.script import (
    CommunicationStyle,
    Guidelines,
    Identity,
    KnowledgeBoundaries,
    PrivacyAudit,
    Provenance,
    PsychologicalProfile,
    Script,
    ScriptFormat,
)
from persona_core.rendering.scripts import SUFFIXES, read_cards, render_script, strings_of
from persona_core.rendering.scripts.cleaning import clean

SCRIPT = Script(
    id="persona-001",
    identity=Identity(
        name="Maya Okafor",
        title="The traveller without a signal",
        demographics_summary="25–34, works in health care",
        demographics={"age_range": "25–34", "occupation": "health care"},
    ),
    psychological_profile=PsychologicalProfile(
        goals=("Wants to get home without having to think about tickets.",),
        motivations=("Wants to be with the family in the evening.",),
        pain_points=("Is held back by tickets that do not load underground.",),
        behaviours=("Usually looks the departure up before leaving.",),
        personality_traits=("Plans ahead.",),
        flaws=("Soon loses patience with machines.",),
    ),
    communication_style=CommunicationStyle(
        tone="Matter-of-fact.", vocabulary_level="Everyday words.", speech_patterns=("Short sentences.",)
    ),
    knowledge_boundaries=KnowledgeBoundaries(
        knows=("tickets",), doesnt_know=("fares for students",), can_infer=("what a delay costs",)
    ),
    guidelines=Guidelines(
        response_style="Answer in two or three sentences.",
        uncertainty_handling="Say that you have not thought about it.",
        character_maintenance="Stay yourself.",
        additional_rules=("Never claim to be a real person.",),
    ),
    provenance=Provenance(
        source_persona_id="persona-001",
        privacy_audit=PrivacyAudit(passed=True, leakage_score=0.02, threshold=0.1),
    ),
)
FORMS = list(ScriptFormat)
texts = st.text(max_size=60)
lists = st.lists(texts, max_size=3).map(tuple)
scripts = st.builds(
    Script,
    id=texts,
    identity=st.builds(Identity, name=texts, title=texts, demographics_summary=texts),
    psychological_profile=st.builds(PsychologicalProfile, goals=lists, pain_points=lists, flaws=lists),
    communication_style=st.builds(CommunicationStyle, tone=texts, speech_patterns=lists),
    guidelines=st.builds(Guidelines, response_style=texts, additional_rules=lists),
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_what_the_script_says(form):
    """Name, a goal, a pain point and the marker of a synthetic persona, in the text that is audited."""
    said = strings_of(render_script(SCRIPT, form), form)
    assert "Maya Okafor" in said
    assert SCRIPT.psychological_profile.goals[0] in said
    assert SCRIPT.psychological_profile.pain_points[0] in said
    assert "synthetic" in said.lower()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_script_gives_the_same_bytes(form):
    """No clock, no chance."""
    assert render_script(SCRIPT, form) == render_script(SCRIPT, form)


@given(scripts, st.sampled_from(FORMS))
def test_whatever_a_script_holds_can_be_read_back(script, form):
    """Random texts, every form, and every text of the script in what is audited."""
    said = strings_of(render_script(script, form), form)
    for goal in script.psychological_profile.goals:
        assert clean(goal) in said


@given(st.text())
def test_clean_texts_hold_no_code(text):
    """No control characters, escapes, tags or braces, and cleaning twice changes nothing."""
    found = clean(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f{}<>`\\\u200b\u202e]", found)
    assert clean(found) == found


def test_yaml_and_json_hold_the_same():
    """The character card in both."""
    as_json = json.loads(render_script(SCRIPT, ScriptFormat.character_card))
    text = render_script(SCRIPT, ScriptFormat.character_card, as_yaml=True)
    assert yaml.safe_load(text) == as_json
    assert Script.model_validate(as_json) == SCRIPT
    assert "Maya Okafor" in strings_of(text, ScriptFormat.character_card, as_yaml=True)


class TestTavern:
    """Against the specifications of the cards."""

    TEXTS = ("name", "description", "personality", "scenario", "first_mes", "mes_example", "creator_notes")
    MORE = ("system_prompt", "post_history_instructions", "creator", "character_version")

    @pytest.mark.parametrize(
        ("form", "spec", "version"),
        [(ScriptFormat.tavern_v2, "chara_card_v2", "2.0"), (ScriptFormat.tavern_v3, "chara_card_v3", "3.0")],
    )
    def test_fields(self, form, spec, version):
        """Every required field is there, with its type."""
        card = json.loads(render_script(SCRIPT, form))
        data = card["data"]
        assert (card["spec"], card["spec_version"]) == (spec, version)
        assert all(isinstance(data[name], str) for name in self.TEXTS + self.MORE)
        assert all(isinstance(each, str) for name in ("alternate_greetings", "tags") for each in data[name])
        assert isinstance(data["extensions"], dict)
        for entry in data["character_book"]["entries"]:
            assert entry["keys"]
            assert isinstance(entry["content"], str)
            assert isinstance(entry["enabled"], bool)
            assert isinstance(entry["insertion_order"], int)
            assert entry["extensions"] == {}
        if version == "3.0":
            assert data["group_only_greetings"] == []
            assert data["creation_date"] == 0
            assert all(entry["use_regex"] is False for entry in data["character_book"]["entries"])

    def test_an_empty_script_is_a_whole_card(self):
        """Texts are empty, never null."""
        card = render_script(Script(id="x", identity=Identity(name="Ann")), ScriptFormat.tavern_v2)
        assert all(value is not None for value in json.loads(card)["data"].values())


class TestPicture:
    def test_both_cards_are_in_it(self):
        """And it is a picture whose checksums hold."""
        data = render_script(SCRIPT, ScriptFormat.tavern_png)
        cards = read_cards(data)
        assert json.loads(cards["ccv3"]) == json.loads(render_script(SCRIPT, ScriptFormat.tavern_v3))
        assert json.loads(cards["chara"]) == json.loads(render_script(SCRIPT, ScriptFormat.tavern_v2))
        assert _kinds(data) == [b"IHDR", b"IDAT", b"tEXt", b"tEXt", b"IEND"]

    def test_another_reader_finds_both_cards(self):
        """Pillow decodes the picture, and reads from it the two cards as the specifications say they stand there."""
        image = pytest.importorskip("PIL.Image")
        with image.open(io.BytesIO(render_script(SCRIPT, ScriptFormat.tavern_png))) as picture:
            picture.load()
            assert min(picture.size) >= 64
            assert len(picture.convert("RGB").getcolors(1 << 16)) > 1
            assert list(picture.text) == ["ccv3", "chara"]
            cards = {key: json.loads(base64.b64decode(text)) for key, text in picture.text.items()}
        assert cards["ccv3"]["spec"] == "chara_card_v3"
        assert cards["ccv3"] == json.loads(render_script(SCRIPT, ScriptFormat.tavern_v3))
        assert cards["chara"]["spec"] == "chara_card_v2"
        assert cards["chara"] == json.loads(render_script(SCRIPT, ScriptFormat.tavern_v2))

    @pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\0\0"])
    def test_what_is_no_png_is_refused(self, data):
        """With a sentence."""
        with pytest.raises(LoadError):
            read_cards(data)


def _kinds(data: bytes) -> list[bytes]:
    at, kinds = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        kinds.append(kind)
        at += 12 + length
    return kinds


class TestTemplates:
    def test_one_of_ones_own_is_filled(self):
        """`script` and its parts by name."""
        own = (
            "{{ identity.name }}: {% for goal in psychological_profile.goals %}{{ goal | upper }}{% endfor %}"
        )
        filled = render_script(SCRIPT, ScriptFormat.jinja2_template, template=own)
        assert filled == "Maya Okafor: WANTS TO GET HOME WITHOUT HAVING TO THINK ABOUT TICKETS."

    def test_the_one_that_is_made_can_be_filled(self):
        """With topic, history and setting, or without them."""
        from jinja2.sandbox import SandboxedEnvironment

        template = SandboxedEnvironment().from_string(render_script(SCRIPT, ScriptFormat.jinja2_template))
        assert "Maya Okafor" in template.render()
        assert "What this is about: fares" in template.render(topic="fares")

    @pytest.mark.parametrize(
        ("template", "said"),
        [
            ("{{ nothing }}", "'nothing' is undefined"),
            ("{{ identity.nme }}", "nme"),
            ("\n\n{% if %}", "line 3"),
            ("{{ ''.__class__.__mro__ }}", "__class__"),
            ("{{ script['__class__'] }}", "__class__"),
            ("{{ 'a'.format(1) }}", "may not"),
            ("{{ script.values() }}", "may not"),
            ("{{ 'a' * 10 ** 9 }}", "may not"),
            ("{{ 'x' | center(1000000000) }}", "center"),
            ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "may not"),
            ("{% for a in script %}" * 9 + "x" + "{% endfor %}" * 9, "loops"),
            ("{% include 'x' %}", "template"),
            ("{{ range(9) }}", "may not"),
            ("{{ 1 / 0 }}", "cannot be filled"),
        ],
    )
    def test_one_that_reaches_too_far_is_refused(self, template, said):
        """In one sentence that names it."""
        with pytest.raises(ConfigurationError) as error:
            render_script(SCRIPT, ScriptFormat.jinja2_template, template=template)
        assert said in str(error.value)
        assert "\n" not in str(error.value)


def test_every_form_has_an_ending():
    """For files."""
    assert set(SUFFIXES) == set(ScriptFormat)
