"""The error tree, and what becomes of an error on the command line and over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from docs.reference.writing import first_line, table

from persona_api.problems import of_error
from persona_cli.main import _explain
from persona_core import errors as of_core
from persona_core.models.audit import Audit
from persona_core.models.job import Problem
from persona_providers import errors as of_providers
from persona_sdk import errors as of_sdk

_ARGUMENTS: dict[str, dict[str, Any]] = {
    "BudgetExceededError": {"spent": 1.9, "budget": 2.0},
    "SignatureError": {},
}
_DONE = (
    ("0", "done"),
    ("1", "a gate said no (`--min-score`, `--max-missing`), or the work failed"),
    ("2", "wrong usage, input that cannot be read, or sources that are not the personas'"),
    ("3", "configuration: a setting, a key, a model that is not known"),
    ("4", "a model's host or a server cannot be reached, or is asked too much"),
    ("5", "a partial result: some personas failed, or the budget ended; the rest is written"),
    ("6", "the privacy audit refused; nothing but its findings is written"),
    ("130", "interrupted; what was paid for is in the journal"),
)


def tree() -> str:
    """Both trees, as they are drawn at the top of their modules."""
    drawn = [(doc or "").partition("\n\n")[2].strip() for doc in (of_core.__doc__, of_sdk.__doc__)]
    return "\n\n".join(f"```text\n{each}\n```" for each in drawn)


def all_errors() -> Iterator[type[of_core.PersonaError]]:
    """Every error class that is ours, core's first."""
    for module in (of_core, of_providers, of_sdk):
        for _, each in inspect.getmembers(module, inspect.isclass):
            if issubclass(each, of_core.PersonaError) and each.__module__ == module.__name__:
                yield each


def made(kind: type[of_core.PersonaError]) -> of_core.PersonaError:
    """An error of a kind, as it could be raised."""
    if kind.__name__ == "LeakError":
        audit = Audit(passed=False, leakage=1.0, threshold=0.1, corpus_checked=True)
        return of_core.LeakError(audit)
    if kind.__name__ == "SignatureError":
        return of_core.SignatureError("no_match")
    if kind.__name__ == "APIStatusError":
        return of_sdk.APIStatusError(Problem(title="Not Found", status=404))
    return kind("…", **_ARGUMENTS.get(kind.__name__, {}))


def errors() -> str:
    """Each error: when it is raised, what it carries, how a command ends, what a server answers."""
    rows = []
    for kind in all_errors():
        error = made(kind)
        carried = sorted(name for name in vars(error) if not name.startswith("_") and name != "detail")
        if isinstance(error, of_core.ProviderError):
            carried = sorted({*carried, "retryable"})
        http = "–" if isinstance(error, of_sdk.APIError) else str(of_error(error).status)
        rows.append(
            (
                f"`{kind.__name__}`",
                first_line(kind.__doc__),
                ", ".join(f"`{name}`" for name in carried) or "–",
                str(_explain(error)[1]) if kind.__name__ != "APIStatusError" else "2, 3, 4",
                http,
            )
        )
    return table(("Error", "When", "Carries", "Exit", "HTTP"), rows)


def exit_codes() -> str:
    """How the command ends."""
    return table(("Exit", "What it means"), _DONE)


def statuses() -> str:
    """What the client makes of an answer's status, and the command of that."""
    return table(
        ("Answer", "Exit of a command with `--server`"),
        (
            (
                f"{status}",
                str(_explain(of_sdk.APIStatusError(Problem(title="", status=status)))[1]),
            )
            for status in (400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503)
        ),
    )
