"""A script as a template with slots for topic, history and setting; templates of one's own in a sandbox."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from persona_core.errors import ConfigurationError
from persona_core.models.script import Script
from persona_core.rendering.scripts.bounding import LONGEST, Budget, bounded
from persona_core.rendering.scripts.card import card_of
from persona_core.rendering.scripts.prompt import render_prompt

_LOOPS = 3
_FILTERS = frozenset(
    "capitalize count default d e escape first join last length list lower map replace reject select sort string title "
    "tojson trim unique upper wordcount".split()
)
"""None that makes much out of little, as `center` and `format` do."""

_TAIL = """
{%- if setting %}

Where this takes place: {{ setting }}
{%- endif %}
{%- if topic %}

What this is about: {{ topic }}
{%- endif %}
{%- if history %}

What was said so far:
{{ history }}
{%- endif %}
"""


def render_template(script: Script) -> str:
    """Render the script as a Jinja2 template: the prompt, with slots `topic`, `history` and `setting`.

    Every slot may be left undefined.
    """
    return "{% raw %}" + render_prompt(script).rstrip().replace("{% endraw %}", "") + "{% endraw %}" + _TAIL


def fill_template(script: Script, template: str) -> str:
    """Fill a template of one's own: `script` is the character card, and so is each of its parts by name.

    Raises ConfigurationError that names an undefined slot, the line of a mistake, or what the template reached for.
    """
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    card = card_of(script)
    try:
        pieces, length = [], 0
        for piece in environment.checked(template).generate(script=card, **card):
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST:
                raise ConfigurationError(
                    f"the template gives more than {LONGEST:,} characters: make it shorter"
                )
    except UndefinedError as error:
        known = ", ".join(card)
        raise ConfigurationError(
            f"the template has a slot that nobody fills: {error.message}; known are {known}"
        ) from error
    except TemplateSyntaxError as error:
        raise ConfigurationError(
            f"the template cannot be read, line {error.lineno}: {error.message}"
        ) from error
    except SecurityError as error:
        raise ConfigurationError(f"the template reaches for what it may not: {error}") from error
    except (
        TemplateError,
        ArithmeticError,
        TypeError,
        ValueError,
        LookupError,
        RecursionError,
        MemoryError,
        SyntaxError,
    ) as error:
        raise ConfigurationError(f"the template cannot be filled: {error}") from error
    return "".join(pieces)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Templates see values and none of Python's insides: no calls, no macros. What they do is counted, so that it ends.

    One sandbox fills one template.
    """

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals.clear()
        self.budget = Budget()
        around = self.budget.around
        given: dict[str, Any] = dict(self.filters)
        allowed = {name: around(name, given[name]) for name in _FILTERS}
        self.filters = {**allowed, **self.budget.filters}
        tests: dict[str, Any] = dict(self.tests)
        self.tests = {name: around(name, each) for name, each in tests.items()}

    def checked(self, source: str) -> Template:
        """Compile a template with a count of what it does in it."""
        tree = self.parse(source)
        if any(True for _ in tree.find_all((nodes.Macro, nodes.CallBlock, nodes.FilterBlock))):
            raise SecurityError("macros and blocks that call")
        if _depth(tree) > _LOOPS:
            raise SecurityError(f"more than {_LOOPS} loops in one another")
        return self.from_string(bounded(tree))

    def is_safe_callable(self, _obj: Any) -> bool:
        """Refuse every call: a script is values."""
        return False

    def call_binop(self, _context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what makes much out of little, and count what `+` makes."""
        if operator == "+":
            return self.budget.added(left, right)
        raise SecurityError(f"“{operator}”")


def _depth(node: nodes.Node) -> int:
    """How many loops stand in one another, at most."""
    inside = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inside + isinstance(node, nodes.For)
