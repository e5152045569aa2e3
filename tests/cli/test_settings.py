"""What is in force, and where from."""

from pathlib import Path

import pytest

from persona_cli.settings import SETTINGS, colour, defaults_for_commands, resolve
from persona_core.errors import ConfigurationError


def in_force(name, **how):
    return next((each.value, each.origin) for each in resolve(**how) if each.setting.name == name)


@pytest.fixture
def places(tmp_path):
    """A project folder with one inside it, and a user's folder."""
    (tmp_path / "project" / "inner").mkdir(parents=True)
    (tmp_path / "user").mkdir()
    return {"environ": {}, "here": tmp_path / "project" / "inner", "user": tmp_path / "user"}


def test_precedence(places, tmp_path):
    """The variable beats the project's file, which beats the user's, which beats the default."""
    assert in_force("count", **places) == (3, "default")
    user = places["user"] / "persona.toml"
    user.write_text("count = 4")
    assert in_force("count", **places) == (4, str(user))
    project = tmp_path / "project" / "pyproject.toml"
    project.write_text("[tool.persona]\ncount = 5\n")
    assert in_force("count", **places) == (5, str(project))
    own = tmp_path / "project" / "persona.toml"
    own.write_text("count = 6")
    assert in_force("count", **places) == (6, str(own))
    places["environ"] = {"PERSONA_COUNT": "7"}
    assert in_force("count", **places) == (7, "PERSONA_COUNT")


def test_a_pyproject_without_our_table_is_passed_by(places, tmp_path):
    """A nearer pyproject.toml that says nothing of Persona does not hide one further up."""
    (places["here"] / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "project" / "persona.toml").write_text("seed = 9")
    assert in_force("seed", **places)[0] == 9


def test_kinds(places):
    """Lists, flags and names with hyphens are read from files and variables."""
    (places["here"] / "persona.toml").write_text('interviewer = ["Tessa", "AI"]\nskip-unreadable = true\n')
    assert in_force("interviewer", **places)[0] == ("Tessa", "AI")
    assert in_force("skip_unreadable", **places)[0] is True
    places["environ"] = {"PERSONA_INTERVIEWER": "Jo, Sam", "PERSONA_ASSUME_PARTICIPANT": "yes"}
    assert in_force("interviewer", **places)[0] == ("Jo", "Sam")
    assert in_force("assume_participant", **places)[0] is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 'red'", "“colour”, which is no setting; these are: model, count"),
        ("count = 'many'", "“many” is no whole number for count"),
        ("count = 2.5", "no whole number"),
        ("skip_unreadable = 'perhaps'", "no yes or no"),
        ("count = ", "cannot be read as TOML"),
        ("[server]\nkey = 'walrus'", ": a table or list is no text for server$"),
        ("[budget]\nusd = 2", ": a table or list is no number for budget$"),
        ("interviewer = [['Jo']]", ": a table or list is no list for interviewer$"),
    ],
)
def test_what_is_wrong_is_named(places, text, said):
    """A wrong file is an error that names it and what is known."""
    file = places["here"] / "persona.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=said) as caught:
        resolve(**places)
    assert str(file) in str(caught.value)


def test_a_wrong_variable_is_named(places):
    """A wrong variable is named too."""
    with pytest.raises(ConfigurationError, match="PERSONA_COUNT: “x”"):
        resolve(**places | {"environ": {"PERSONA_COUNT": "x"}})


def test_only_what_was_set_becomes_a_default(places):
    """Commands keep their own defaults where nobody set anything."""
    assert defaults_for_commands(resolve(**places)) == {}
    places["environ"] = {"PERSONA_SEED": "1", "PERSONA_HEADER_ROWS": "2"}
    assert defaults_for_commands(resolve(**places)) == {
        "generate": {"seed": 1, "header_rows": "2"},
        "verify": {"header_rows": "2"},
    }


def test_every_setting_is_an_option_of_its_commands():
    """No setting without a flag, with the flag's own default."""
    from importlib import import_module

    for setting in SETTINGS:
        for name in setting.commands:
            first, *rest = name.split()
            command = import_module(f"persona_cli.commands.{first}").command
            for each in rest:
                command = command.commands[each]
            option = next(param for param in command.params if param.name == setting.name)
            assert not setting.default or str(option.default) == str(setting.default)


def test_no_color():
    """NO_COLOR turns colour off; without it the terminal decides."""
    assert colour({"NO_COLOR": "1"}) is False
    assert colour({}) is None
    assert colour({"NO_COLOR": ""}) is None


def test_a_setting_reaches_the_command_and_a_flag_beats_it(persona, survey, here: Path, monkeypatch):
    """persona.toml is followed, a flag has the last word, and `check` says where each comes from."""
    import json

    (here / "persona.toml").write_text("count = 2\n")
    assert len(json.loads(persona("generate", survey, "--json")[1])["personas"]) == 2
    assert len(json.loads(persona("generate", survey, "--json", "-n", 1)[1])["personas"]) == 1
    monkeypatch.setenv("PERSONA_SEED", "4")
    out = persona("check")[1]
    assert "PERSONA_SEED" in out
    assert "persona.toml" in out
    assert "persona-core" in out


def test_where_a_setting_comes_from_is_not_cut(on_a_terminal, here):
    """However long the path of its file, and however narrow a usual terminal; nor is a word of the prose."""
    (here / "persona.toml").write_text("count = 2\n")
    for columns in ("80", "100"):
        said = on_a_terminal(["check"], COLUMNS=columns, NO_COLOR="1", PERSONA_PARTICIPANT_COLUMN="who")
        lines = said.decode().replace("\r", "").splitlines()
        assert any("PERSONA_PARTICIPANT_COLUMN  " in line for line in lines)
        assert any("  persona.toml [1]  " in line for line in lines)
        assert f"[1] {here / 'persona.toml'}" in lines
        assert max(len(line) for line in lines if "[1] /" not in line) <= int(columns)


def test_a_wrong_file_is_a_matter_of_configuration(persona, here):
    """A wrong persona.toml is exit code 3."""
    (here / "persona.toml").write_text("colour = 1\n")
    code, _, err = persona("check")
    assert code == 3
    assert err.startswith("Error: ")
