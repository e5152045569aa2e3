"""Every setting: of the command line, of the client, of models, of the server."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from docs.reference.commands import options, variable, walked
from docs.reference.writing import default, sentence, table

from persona_api import settings as of_server
from persona_cli.settings import SETTINGS
from persona_providers.settings import BASE, KEY, SERVICES


def command_line() -> str:
    """What can stand in persona.toml, or in the environment."""
    rows = []
    for each in SETTINGS:
        flags = sorted({_flag(name, each.name) for name in each.commands})
        assert len(flags) == 1, each
        words = f"{sentence(each.help)} For {', '.join(f'`{name}`' for name in each.commands)}."
        rows.append(
            (f"`{each.name}`", f"`{each.variable}`", f"`{flags[0]}`", _default_of(each.default), words)
        )
    return table(("In `persona.toml`", "Variable", "Flag", "Default", "What it is"), rows)


def _default_of(value: Any) -> str:
    return f"`{value:g}`" if isinstance(value, float) else default(value)


def _flag(command: str, setting: str) -> str:
    """The longest flag of a setting."""
    given = next(each for name, each in walked() if name == f"persona {command}")
    option = next(each for each in options(given) if each.name == setting)
    return max(option.opts, key=len)


def models() -> str:
    """Keys and addresses of services."""
    rows = [
        (f"`{name}/…`", _names(each.keys), _names(each.bases), f"`{each.address}`" if each.address else "–")
        for name, each in sorted(SERVICES.items())
    ]
    first = ("any", f"`{KEY}`", f"`{BASE}`", "–")
    return table(("Model", "Key", "Address", "Address where none is set"), [first, *rows])


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def server() -> str:
    """The server's settings: variable, flag, default, meaning."""
    docs, flags = field_docs(of_server.Settings), _flags()
    rows = [
        (f"`{name}`", f"`{flags[name]}`" if name in flags else "–", _shown(field), sentence(_meaning(name, field, docs, flags)))
        for name, (field, _) in of_server.VARIABLES.items()
    ]  # fmt: skip
    return table(("Variable", "Flag", "Default", "What it is"), rows)


def _flags() -> Mapping[str, str]:
    """The flag of `persona serve` for each variable."""
    command = next(each for name, each in walked() if name == "persona serve")
    return {found: each.opts[0] for each in options(command) if (found := variable("persona serve", each))}


def _meaning(name: str, field: str, docs: Mapping[str, str], flags: Mapping[str, str]) -> str:
    """The field's docstring, else the help of its flag."""
    if name.endswith("_FILE") and field == "auth_token":
        return "A file that holds one key, an admin's."
    if docs.get(field):
        return docs[field]
    command = next(each for known, each in walked() if known == "persona serve")
    said = next(each.help or "" for each in options(command) if each.opts[0] == flags.get(name))
    return said.partition("; ")[0].partition(" [PERSONA")[0]


def _shown(field: str) -> str:
    value = of_server.Settings.__dataclass_fields__[field].default
    if isinstance(value, timedelta):
        return f"`{value.days}d`"
    if isinstance(value, tuple):
        return f"`{','.join(f'{each:g}' for each in value)}`" if value else "–"
    return _default_of(value)


def field_docs(kind: type) -> dict[str, str]:
    """The docstrings that stand below the fields of a class."""
    return dict(_documented(ast.parse(inspect.cleandoc(inspect.getsource(kind)))))


def _documented(tree: ast.Module) -> Iterator[tuple[str, str]]:
    body = tree.body[0].body  # type: ignore[attr-defined]
    for field, after in itertools.pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            yield field.target.id, inspect.cleandoc(str(after.value.value))
