"""What is in force and from where.

A flag comes first, then `PERSONA_*`, `persona.toml` or `[tool.persona]`, the user's folder, the default.
The environment is read here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "persona.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that can be set once instead of given each time."""

    name: str
    kind: type
    default: Any
    help: str
    commands: tuple[str, ...] = ("generate",)
    named: str = ""
    """What its environment variable is called, where not after it."""

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"PERSONA_{self.named or self.name.upper()}"


_BOTH = ("generate", "verify")

SETTINGS = (
    Setting("model", str, "extractive", "what makes the personas"),
    Setting("count", int, 3, "personas wanted"),
    Setting("seed", int, 0, "the same seed and sources give the same personas"),
    Setting("group_by", str, None, "the researcher's own groups: a demographic, group or column"),
    Setting("participants", str, None, "the participants file", _BOTH),
    Setting("participant_column", str, None, "the table column that names the participant", _BOTH),
    Setting("header_rows", str, "auto", "header rows of tables", _BOTH),
    Setting("interviewer", list, (), "labels of those who ask", _BOTH),
    Setting("participant_label", list, (), "labels of those who answer", _BOTH),
    Setting(
        "assume_participant",
        bool,
        False,
        "take words whose speaker cannot be told for a participant's",
        _BOTH,
    ),
    Setting("skip_unreadable", bool, False, "count what cannot be read instead of stopping", _BOTH),
    Setting("pseudonymise", str, "auto", "send tokens for names, ids and addresses"),
    Setting("budget", float, None, "US dollars that a run may cost"),
    Setting(
        "assume_price", float, None, "US dollars for a million tokens of a model whose price nobody knows"
    ),
    Setting("context", int, None, "tokens that the model takes at once"),
    Setting("concurrency", int, 8, "calls made side by side"),
    Setting("rpm", int, None, "calls begun in a minute"),
    Setting("timeout", float, 120.0, "seconds for one call"),
    Setting(
        "server",
        str,
        None,
        "the address of a server that does the work",
        ("generate", "verify", "score", "audit", "script generate", "script batch"),
        "BASE_URL",
    ),
    Setting("max_missing", int, 0, "quotes that may be missing before verify fails", ("verify",)),
)


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting's value and where it comes from."""

    setting: Setting
    value: Any
    origin: str

    @property
    def in_file(self) -> bool:
        """Whether a file says so."""
        return self.origin not in {"default", self.setting.variable}

    @property
    def is_default(self) -> bool:
        """Whether nobody set it."""
        return self.origin == "default"


def resolve(
    environ: Mapping[str, str] | None = None, here: Path | None = None, user: Path | None = None
) -> list[InForce]:
    """Say what every setting is and where from. Raises ConfigurationError that names the file or variable."""
    environ = os.environ if environ is None else environ
    layers = [
        _variables(environ),
        *_files(here or Path.cwd(), _user_folder(environ) if user is None else user),
    ]
    return [_in_force(setting, layers) for setting in SETTINGS]


def _in_force(setting: Setting, layers: list[tuple[Callable[[Setting], str], Mapping[str, Any]]]) -> InForce:
    for named, values in layers:
        if setting.name in values:
            origin = named(setting)
            return InForce(setting, _read(setting, values[setting.name], origin), origin)
    return InForce(setting, setting.default, "default")


def defaults_for_commands(in_force: list[InForce]) -> dict[str, Any]:
    """What each command's options default to, nested as the commands are, for click; only what somebody set."""
    found: dict[str, Any] = {}
    for each in in_force:
        if not each.is_default:
            for command in each.setting.commands:
                options = found
                for name in command.split():
                    options = options.setdefault(name, {})
                options[each.setting.name] = each.value
    return found


def colour(environ: Mapping[str, str] | None = None) -> bool | None:
    """Whether to colour: False under NO_COLOR, else as the terminal is."""
    return False if (os.environ if environ is None else environ).get("NO_COLOR") else None


def _variables(environ: Mapping[str, str]) -> tuple[Callable[[Setting], str], Mapping[str, Any]]:
    values = {
        setting.name: environ[setting.variable] for setting in SETTINGS if environ.get(setting.variable)
    }
    return (lambda setting: setting.variable), values


def _files(here: Path, user: Path) -> Iterator[tuple[Callable[[Setting], str], Mapping[str, Any]]]:
    for folder in (here, *here.parents):
        found = _table(folder / FILE) or _table(folder / "pyproject.toml", "tool", "persona")
        if found is not None:
            path, values = found
            yield (lambda _, path=path: path), values  # type: ignore[misc]
            break
    if (mine := _table(user / FILE)) is not None:
        yield (lambda _, path=mine[0]: path), mine[1]  # type: ignore[misc]


def _table(file: Path, *keys: str) -> tuple[str, Mapping[str, Any]] | None:
    """A file's settings, or the table in it that `keys` lead to.

    Unknown names are an error that lists the known ones.
    """
    import tomllib

    from persona_core.errors import ConfigurationError

    if not file.is_file():
        return None
    try:
        values: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read as TOML: {error}") from error
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    if values is None:
        return None
    known = [setting.name for setting in SETTINGS]
    unknown = [name for name in values if name.replace("-", "_") not in known]
    if unknown:
        raise ConfigurationError(
            f"{file} sets “{unknown[0]}”, which is no setting; these are: {', '.join(known)}"
        )
    return str(file), {name.replace("-", "_"): value for name, value in values.items()}


def _read(setting: Setting, value: Any, origin: str) -> Any:
    """A value as its setting wants it; words are turned into numbers, flags and lists."""
    from persona_core.errors import ConfigurationError

    try:
        return _READERS[setting.kind](value)
    except (ValueError, TypeError) as error:
        shown = "a table or list" if isinstance(value, (dict, list)) else f"“{value}”"
        raise ConfigurationError(
            f"{origin}: {shown} is no {_KINDS[setting.kind]} for {setting.name}"
        ) from error


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise TypeError
    return str(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    plain = str(value).strip().lower()
    if plain not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError(plain)
    return plain in {"1", "true", "yes", "on"}


def _number(value: Any) -> int:
    if isinstance(value, (bool, float)):
        raise TypeError(value)
    return int(value)


def _list(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else _text(value).split(",")
    return tuple(stripped for part in parts if (stripped := _text(part).strip()))


_READERS: Mapping[type, Callable[[Any], Any]] = {
    str: _text,
    int: _number,
    float: float,
    bool: _flag,
    list: _list,
}
_KINDS: Mapping[type, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    list: "list",
}


def _user_folder(environ: Mapping[str, str]) -> Path:
    if environ.get("PERSONA_CONFIG_DIR"):
        return Path(environ["PERSONA_CONFIG_DIR"])
    import platformdirs

    return platformdirs.user_config_path("persona")
