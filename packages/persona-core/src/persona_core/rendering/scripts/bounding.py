"""How much work a template may make, and templates rewritten so that it is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import Environment, Undefined, nodes
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from persona_core.errors import ConfigurationError

WORK = 2_000_000
"""Steps of loops and characters of texts that filling one template may take; a plain one takes some thousand."""
LONGEST = 200_000
"""Characters of one text in a template, and of what it gives; a script has a few thousand."""
_INDENT = 8
_EACH, _JOINED, _COUNTED, _SHOWN = "round of a loop", "joined", "counted", "shown"
"""No template can name them: they have blanks in them, or stand where a filter cannot."""


class Budget:
    """Counts what filling a template takes, and stops it where that is too much."""

    def __init__(self) -> None:
        self._left = WORK

    def spend(self, steps: int) -> None:
        """Raises ConfigurationError where nothing is left."""
        self._left -= max(1, steps)
        if self._left < 0:
            raise ConfigurationError(
                "the template takes too long: it has loops with too many rounds, or makes too long texts; make it simpler"
            )

    def counted(self, value: Any) -> Any:
        """A value, when everything in it has been counted; what comes bit by bit is counted as it comes."""
        if isinstance(value, Iterator):
            return map(self.counted, value)
        waiting = [value]
        while waiting:
            each = waiting.pop()
            self.spend(
                len(each) if isinstance(each, str) else each.bit_length() if isinstance(each, int) else 1
            )
            if isinstance(each, str) and len(each) > LONGEST:
                raise ConfigurationError(
                    f"the template makes a text of more than {LONGEST:,} characters: make it shorter"
                )
            if isinstance(each, Mapping):
                waiting += each.keys()
                waiting += each.values()
            elif isinstance(each, list | tuple | set | frozenset):
                waiting += each
        return value

    def each(self, items: Iterable[Any], steps: int) -> Iterator[Any]:
        """What a loop goes through; one round takes so many steps."""
        for item in items:
            self.spend(steps)
            yield item

    def joined(self, parts: list[Any]) -> str:
        """Texts behind one another."""
        self.counted(parts)
        return str(self.counted("".join(map(str, parts))))

    def added(self, left: Any, right: Any) -> Any:
        """A sum, or two texts or lists behind one another."""
        self.counted([left, right])
        return self.counted(left + right)

    def shown(self, value: Any) -> Any:
        """What is put in the text: values, not what Python keeps behind them."""
        if not isinstance(value, str | int | float | list | tuple | dict | Undefined | None):
            raise ConfigurationError(
                "the template shows something that is no text, as a method of one or what a filter gives bit by bit: "
                "leave it out, or put `|list` or `|join(', ')` behind it"
            )
        return self.counted(value)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """A filter or test whose work is counted before and after."""

        @wraps(call)
        def within(*args: Any, **options: Any) -> Any:
            given = [each for each in args if not isinstance(each, Environment | Context | nodes.EvalContext)]
            self.counted([*given, *options.values()])
            self.spend(_made(name, given, options))
            return self.counted(call(*args, **options))

        return within

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """What a rewritten template calls."""
        return {_EACH: self.each, _JOINED: self.joined, _COUNTED: self.counted, _SHOWN: self.shown}


def _made(name: str, given: list[Any], options: Mapping[str, Any]) -> int:
    """Characters that a filter may make out of little, told before it does; 1 for those that cannot."""
    values = [each for each in (*given, *options.values()) if not isinstance(each, Undefined)]
    longest = max((len(each) for each in values[1:] if isinstance(each, str)), default=0)
    if name == "tojson" and any(not isinstance(each, int) or each > _INDENT for each in values[1:] if each):
        raise ConfigurationError(f"tojson in a template may indent by up to {_INDENT}")
    if name in {"replace", "join"} and values and hasattr(values[0], "__len__"):
        return longest * (len(values[0]) + 1)
    return 1


def bounded(template: nodes.Template) -> nodes.Template:
    """The template with a count wherever it could make much out of little."""
    _Bounding().generic_visit(template)
    return template


class _Bounding(NodeTransformer):
    """Rewrites the innermost first."""

    def visit(self, node: nodes.Node, *_args: Any, **_options: Any) -> nodes.Node:
        """Rewrite a part of a template when the parts of it are."""
        self.generic_visit(node)
        return _bounded(node)


def _bounded(node: nodes.Node) -> nodes.Node:
    if isinstance(node, nodes.For):
        node.iter = _call(_EACH, node.iter, nodes.Const(sum(map(_weight, node.body))))
    elif isinstance(node, nodes.Output):
        node.nodes = [
            each if isinstance(each, nodes.TemplateData) else _call(_SHOWN, each) for each in node.nodes
        ]
    elif isinstance(node, nodes.Compare):
        node.expr = _call(_COUNTED, node.expr)
        for each in node.ops:
            each.expr = _call(_COUNTED, each.expr)
    elif isinstance(node, nodes.Concat):
        return _call(_JOINED, nodes.List(node.nodes, lineno=node.lineno, environment=node.environment))
    elif isinstance(node, nodes.List | nodes.Dict) or _makes_values(node):
        return _call(_COUNTED, node)
    return node


def _makes_values(node: nodes.Node) -> bool:
    """Whether it is a part of a list or text, or several values and not what is given them."""
    if isinstance(node, nodes.Tuple):
        return node.ctx == "load"
    return isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice)


def _call(name: str, node: nodes.Node, *args: nodes.Expr) -> nodes.Filter:
    made = nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)
    made.environment = node.environment
    return made


def _weight(node: nodes.Node) -> int:
    """How much there is to do in a part of a template: its pieces, and the characters of its texts."""
    own = len(node.data) if isinstance(node, nodes.TemplateData) else 1
    return own + sum(map(_weight, node.iter_child_nodes()))
