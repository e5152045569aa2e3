"""`persona script` and `persona audit`, as they are typed."""

import json
from pathlib import Path

import jsonschema
import pytest

from persona_core.rendering.scripts import read_cards

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"
LEAK = "I use the app because I want to be the one who decides, not just be told I'm late when I already am."


@pytest.fixture
def run(persona, here):
    """A run folder over the example study."""
    assert persona("generate", STUDY, "--out", "run")[0] == 0
    return "run"


def first_of(run):
    """The id of a run's first persona."""
    return json.loads((Path(run) / "personas.json").read_text())["personas"][0]["id"]


def test_a_prompt_to_paste(persona, run):
    """Stdout is the script and nothing else."""
    code, out, err = persona("script", "generate", f"{run}#{first_of(run)}", "-f", "system_prompt")
    assert code == 0, err
    assert out.startswith("You are ")
    assert "synthetic" in out
    assert "not given" not in err


def test_the_card_fits_its_schema(persona, run):
    """JSON by default."""
    code, out, _ = persona("script", "generate", f"{run}#{first_of(run)}")
    assert code == 0
    document = json.loads(out)
    jsonschema.validate(document, json.loads(persona("schema", "script")[1]))
    assert document["provenance"]["privacy_audit"]["passed"] is True


@pytest.mark.parametrize(
    ("form", "suffix"),
    [
        ("character_card", ".json"),
        ("system_prompt", ".txt"),
        ("jinja2_template", ".j2"),
        ("tavern_png", ".png"),
    ],
)
def test_a_folder_of_scripts(persona, run, here, form, suffix):
    """One file a persona and nothing else; a line each."""
    code, out, _ = persona("script", "batch", run, "-f", form, "-o", "scripts")
    names = sorted(path.name for path in (here / "scripts").iterdir())
    assert code in {0, 6}
    assert len(out.splitlines()) == 3
    assert len(names) == out.count("released  ")
    assert all(name.startswith("persona-00") and name.endswith(suffix) for name in names)
    if form == "tavern_png":
        assert set(read_cards((here / "scripts" / names[0]).read_bytes())) == {"ccv3", "chara"}


def test_other_json_in_a_run_is_no_persona(persona, run, here):
    """A folder is read by its personas.json."""
    (here / run / "notes.json").write_text('{"name": "not a persona"}')
    assert len(persona("script", "batch", run, "-o", "scripts")[1].splitlines()) == 3


def test_ids_that_are_paths_or_people_make_safe_names(persona, here):
    """Nothing is written outside the folder."""
    personas = [
        {"id": "../../etc/x", "name": "Ann"},
        {"id": "Bob Smith", "name": "Eve"},
        {"id": "P03", "name": "Zoe"},
    ]
    (here / "p.json").write_text(json.dumps(personas))
    code, _, err = persona("script", "batch", "p.json", "-o", "scripts")
    assert code == 0
    assert "P03 claims nothing" in err
    assert sorted(path.name for path in (here / "scripts").iterdir()) == [
        "persona-001.json",
        "persona-002.json",
        "persona-003.json",
    ]
    assert sorted(path.name for path in here.iterdir()) == ["p.json", "scripts"]


def test_a_leak_is_refused_with_reasons_and_without_the_words(persona, run, here):
    """Exit 6, nothing written, the findings in a table."""
    (here / "own.j2").write_text("{{ identity.name }}: " + LEAK)
    given = ("script", "generate", f"{run}#{first_of(run)}", "-f", "jinja2_template", "--template", "own.j2")
    code, out, err = persona(*given, "-o", "out.txt")
    assert code == 6
    assert "verbatim" in out
    assert "not written" in err
    assert "the one who decides" not in out + err
    assert not (here / "out.txt").exists()


def test_without_sources_it_says_so(persona, run, here):
    """Loudly; and refuses where that was asked for."""
    (here / "alone.json").write_bytes((here / run / "personas.json").read_bytes())
    wanted = f"alone.json#{first_of(run)}"
    code, _, err = persona("script", "generate", wanted)
    assert code in {0, 6}
    assert "The sources were not given" in err
    code, out, err = persona("script", "generate", wanted, "--require-sources")
    assert (code, out) == (3, "")
    assert "no sources" in err


class TestAudit:
    def test_a_leak(self, persona, here):
        """What, where, and exit 6; as a document, too."""
        (here / "post.txt").write_text(f"Our users are busy. One of them said: {LEAK}")
        code, out, _ = persona("audit", "post.txt", "--sources", STUDY)
        assert code == 6
        assert "verbatim" in out
        assert "should not leave" in out
        code, out, _ = persona("audit", "post.txt", "--sources", STUDY, "--json")
        assert code == 6
        document = json.loads(out)
        jsonschema.validate(document, json.loads(persona("schema", "audit")[1]))
        found = document["findings"][0]
        assert LEAK[:20] in (here / "post.txt").read_text()[found["start"] : found["end"]]

    def test_a_clean_text(self, persona, here):
        """Exit 0."""
        (here / "post.txt").write_text("Gardens grow better with compost. Snails are fond of lettuce.")
        code, out, _ = persona("audit", "post.txt", "--sources", STUDY)
        assert code == 0
        assert "Nothing stands in the way" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("script", "generate", "run"), 2, "name one as run#ID: persona-001, persona-002, persona-003"),
        (("script", "generate", "run#persona-009"), 2, "there is no persona “persona-009”"),
        (("script", "generate", "nothing.json"), 2, "no such personas file"),
        (("script", "generate", "run#persona-001", "--threshold", "2"), 2, "2"),
        (("script", "generate", "run#persona-001", "--k", "0"), 2, "0"),
        (("script", "generate", "run#persona-001", "-f", "poem"), 2, "poem"),
        (("script", "generate", "run#persona-001", "--yaml", "-f", "tavern_v2"), 2, "--yaml"),
        (
            ("script", "generate", "run#persona-001", "--template", "latin.j2", "-f", "jinja2_template"),
            2,
            "UTF-8",
        ),
        (
            ("script", "generate", "run#persona-001", "--template", "slot.j2", "-f", "jinja2_template"),
            3,
            "topic",
        ),
        (("script", "generate", "run#persona-001", "--sources", "other.txt"), 2, "not the sources"),
        (("audit", "nothing.txt", "--sources", "other.txt"), 2, "no such file"),
        (("audit", "latin.j2", "--sources", "other.txt"), 2, "UTF-8"),
        (("audit", "other.txt"), 2, "--sources"),
    ],
)
def test_bad_input_is_one_sentence(persona, run, here, arguments, code, said):
    """With what to do, and nothing on stdout."""
    (here / "latin.j2").write_bytes("café".encode("latin-1"))
    (here / "slot.j2").write_text("{{ topic }}")
    (here / "other.txt").write_text("Participant: I like the sea and the wind on most days of the week.\n")
    found, out, err = persona(*arguments)
    assert found == code, err
    assert said in err.splitlines()[-1]
    assert out == ""


def test_each_persona_has_a_file_of_its_own(persona, here):
    """Ids of other tools become free numbers, the same whether one script is made or all."""
    assert persona("generate", STUDY, "--out", "run")[0] == 0
    made = json.loads((here / "run" / "personas.json").read_text())
    for one, name in zip(made["personas"], ["alice", "bob", "persona-001"], strict=True):
        one["id"] = name
    (here / "odd.json").write_text(json.dumps(made))
    for name in ("alice", "bob", "persona-001"):
        assert persona("script", "generate", f"odd.json#{name}", "--sources", STUDY, "-o", "one/")[0] == 0
    assert persona("script", "batch", "odd.json", "--sources", STUDY, "-o", "all")[0] == 0
    names = ["persona-001.json", "persona-002.json", "persona-003.json"]
    assert sorted(path.name for path in (here / "one").iterdir()) == names
    assert sorted(path.name for path in (here / "all").iterdir()) == names
