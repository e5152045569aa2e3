"""Templates of one's own that would never end, or make too much."""

from __future__ import annotations

import pytest

from persona_core.errors import ConfigurationError
from persona_core.models.script import Identity, PsychologicalProfile, Script, ScriptFormat
from persona_core.rendering.scripts import render_script

SCRIPT = Script(
    id="persona-001",
    identity=Identity(name="Maya Okafor", title="The planner"),
    psychological_profile=PsychologicalProfile(goals=("Wants a seat.", "Wants to be on time.")),
)
LOOPS = "{% for a in script | string %}" * 3 + "{}" + "{% endfor %}" * 3


def filled(template: str) -> str:
    return str(render_script(SCRIPT, ScriptFormat.jinja2_template, template=template))


@pytest.mark.parametrize(
    "template",
    [
        LOOPS.replace("{}", ""),
        LOOPS.replace("{}", "{% set b = a %}"),
        "{% set a = 'abc' %}" + "{% set a = a ~ a %}" * 26,
        "{% set a = 'abc' %}" + "{% set a = a + a %}" * 26,
        "{% set a = ['abc'] %}" + "{% set a = a + a %}" * 26,
        "{% set a = 'abc' %}" + "{% set a = [a, a] %}" * 26 + "{{ a }}",
        "{% set a = 'abc' %}" + "{% set a = {'b': a, 'c': a} %}" * 26 + "{{ a | tojson }}",
        "{% set a = 'abc' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 26,
        "{% set a = 'abc' %}" + "{% set a = a | replace('a', 'aaaaaaaaaaaaaaaaaa') %}" * 26,
        "{% set a = 'abc' %}" + "{% set a = a | list | join(a) ~ 'abcdef' %}" * 26,
        "{% for a in script | string %}{% for b in script | string %}{{ script | tojson | length }}{% endfor %}{% endfor %}",
        "{{ script | tojson(indent=100000000) }}",
    ],
)
def test_what_would_take_too_much_is_refused_soon(template: str) -> None:
    """Loops in loops, and texts of texts of texts."""
    with pytest.raises(ConfigurationError, match=r"takes too long|shorter|may indent"):
        filled(template)


@pytest.mark.parametrize(
    "template", ["{{ identity.name.format }}", "{{ psychological_profile.goals | map('upper') }}"]
)
def test_only_values_are_shown(template: str) -> None:
    """A method is no text, nor is what a filter has not given yet."""
    with pytest.raises(ConfigurationError, match="no text"):
        filled(template)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ identity.name ~ ', ' ~ identity.title }}", "Maya Okafor, The planner"),
        ("{{ 'a' + 'b' }}{{ 1 + 2 }}{{ 'abc'[1:] }}{{ none }}", "ab3bcNone"),
        ("{{ 'x' if setting is defined else topic | default('none') }}", "none"),
        ("{{ psychological_profile.goals | map('upper') | join(' / ') }}", "WANTS A SEAT. / WANTS TO BE ON TIME."),
        ("{% for g in psychological_profile.goals if 'seat' in g %}{{ loop.index }}/{{ loop.length }}{% else %}-{% endfor %}", "1/1"),
        ("{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{% if b > 2 and a != 4 %}{{ b }}{% endif %}{% endfor %}", "134"),
        ("{% set a %}{{ identity.name | first }}.{% endset %}{{ a }}", "M."),
    ],
)  # fmt: skip
def test_what_templates_do_still_works(template: str, text: str) -> None:
    """Filters, tests, loops and parts."""
    assert filled(template) == text
