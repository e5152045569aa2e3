"""Every answer under the hash of what was asked, in a file that only grows: nothing is asked twice."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio

from persona_core.errors import ConfigurationError, LoadError, ProviderError
from persona_core.models.completion import Completion, Prompt
from persona_core.models.persona import Usage
from persona_core.provider import Provider

_FORMAT = 1
_AS_IT_IS = getattr(os, "O_BINARY", 0)
"""Where a system would turn line ends into its own, that it must not."""


class Journal:
    """Completions by what was asked: a line of JSON for each, written before the completion is used.

    It holds answers, which may quote participants, and of the prompts only names and hashes. One writer at a time.
    A last line that was torn by a crash is left out, and cut off before the next is written. Without a `path` it is in
    memory only.
    """

    def __init__(
        self, path: Path | None = None, *, writable: bool = True, write: Callable[[str], None] | None = None
    ) -> None:
        self.path, self._writable, self._write = path, writable, write
        self.model: str | None = None
        """The model of the first record."""
        self.about: Mapping[str, Any] = {}
        """How the run was made, as its first line says; `begin` sets it."""
        self.lost = 0
        """Calls whose answers did not arrive, and may have been charged for all the same."""
        self._counted = 0.0
        self._waiting: list[dict[str, Any]] = []
        self._answers: dict[str, Completion] = {}
        self._file: int | None = None
        if path is None:
            return
        whole = self._read(path)
        if writable:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _AS_IT_IS, 0o600)
            os.ftruncate(self._file, whole)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Journal:
        """Take up the journal at `path`, or begin one, to read and to write.

        Raises LoadError where it cannot be read, or is none.
        """
        return cls(Path(path), writable=True)

    @classmethod
    def replay(cls, path: str | os.PathLike[str]) -> Journal:
        """Read the journal at `path`; nothing is added to it. Raises LoadError where there is none."""
        if not Path(path).is_file():
            raise LoadError("there is no journal here", path=str(path))
        return cls(Path(path), writable=False)

    @classmethod
    def over(cls, lines: Iterable[str], write: Callable[[str], None]) -> Journal:
        """Keep a journal elsewhere: `lines` is what is kept of it, in order, and `write` keeps one more line or several.

        `write` returns once they are kept; what it raises is raised by `put`. Raises LoadError for a line that is no record.
        """
        journal = cls(write=write)
        journal._take_in_all(lines, "")
        return journal

    def begin(self, about: Mapping[str, Any]) -> None:
        """Say how the run is made, for a journal that holds no answer yet; written with the first."""
        if not self._answers:
            self.about = dict(about)

    @property
    def usage(self) -> Usage:
        """What all answers took, those too that led nowhere; the same in whichever order they came."""
        each = [answer.usage for answer in self._answers.values()]
        costs = [one.cost_usd for one in each if one.cost_usd is not None]
        return Usage(
            prompt_tokens=sum(one.prompt_tokens for one in each),
            completion_tokens=sum(one.completion_tokens for one in each),
            cost_usd=math.fsum(costs) if len(costs) == len(each) else None,
        )

    def spent(self, assume_price: float | None = None) -> float:
        """US dollars that count against a budget: answers, and what calls of unknown cost were counted for.

        An answer without a price counts at `assume_price`, US dollars for a million tokens.
        """
        price = (assume_price or 0.0) / 1_000_000
        took = [answer.usage for answer in self._answers.values()]
        costs = [
            (one.prompt_tokens + one.completion_tokens) * price if one.cost_usd is None else one.cost_usd
            for one in took
        ]
        return math.fsum([self._counted, *costs])

    def count(self, usd: float, lost: bool) -> None:
        """Note a call of unknown cost, what it counts for, and whether its answer was lost.

        Written with the next answer; at once where it counts for something and there is an answer before it.
        """
        self._note(usd, lost)
        self._waiting.append({"journal": _FORMAT, "counted": usd, "lost": lost})
        if self._answers and usd:
            self._flush()

    def __len__(self) -> int:
        return len(self._answers)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what is in memory can still be read."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def get(self, prompt: Prompt, model: str) -> Completion | None:
        """The answer that `model` gave to `prompt`, marked as replayed."""
        return self._answers.get(prompt.key(model))

    def put(self, prompt: Prompt, model: str, completion: Completion) -> None:
        """Write an answer; the system has it when this returns."""
        if not self._writable or (self._file is None and self.path is not None):
            raise ConfigurationError(f"the journal {self.path} is not open for writing")
        key = prompt.key(model)
        answer = completion.model_dump(mode="json", exclude={"replayed"})
        record = {"journal": _FORMAT, "key": key, "prompt": prompt.name, "model": model, "completion": answer}
        if not self._answers and self.about:
            self._waiting.insert(0, {"journal": _FORMAT, "about": self.about})
        self._waiting.append({**record, "versions": _versions()})
        self._flush()
        self._keep(key, model, completion)

    def _flush(self) -> None:
        """Write what waits, in one go."""
        lines = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in self._waiting)
        if self._file is not None:
            _write(self._file, lines.encode())
        elif self._write is not None:
            self._write(lines)
        self._waiting.clear()

    def _note(self, usd: float, lost: bool) -> None:
        self._counted += usd
        self.lost += lost

    def _keep(self, key: str, model: str, completion: Completion) -> None:
        self.model = self.model or model
        self._answers[key] = completion.model_copy(update={"replayed": True})

    def _read(self, path: Path) -> int:
        """Take in every whole line, and give their length in bytes."""
        try:
            data = path.read_bytes() if path.exists() else b""
        except OSError as error:
            raise LoadError(f"the journal cannot be read ({error.strerror})", path=str(path)) from error
        whole = data.rfind(b"\n") + 1
        self._take_in_all((each.decode(errors="replace") for each in data[:whole].splitlines()), str(path))
        return whole

    def _take_in_all(self, lines: Iterable[str], path: str) -> None:
        for number, line in enumerate(lines, 1):
            try:
                self._take_in(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                place = f"line {number}"
                raise LoadError("this is no record of a journal", path=path, place=place) from error

    def _take_in(self, record: dict[str, Any]) -> None:
        if "about" in record:
            self.about = record["about"]
        elif "counted" in record:
            self._note(float(record["counted"]), bool(record["lost"]))
        else:
            self._keep(record["key"], record["model"], Completion.model_validate(record["completion"]))


class Journalled:
    """A provider that looks into its journal first, and asks about the same thing once at a time."""

    def __init__(self, provider: Provider, journal: Journal) -> None:
        self.model = provider.model
        self._provider, self._journal = provider, journal
        self._asking: dict[str, anyio.Event] = {}

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer from the journal, or ask and write down the answer."""
        key = prompt.key(self.model)
        while (found := self._journal.get(prompt, self.model)) is None:
            if key not in self._asking:
                return await self._ask(prompt, key)
            await self._asking[key].wait()
        return found

    async def _ask(self, prompt: Prompt, key: str) -> Completion:
        done = self._asking[key] = anyio.Event()
        try:
            completion = await self._provider.complete(prompt)
            self._journal.put(prompt, self.model, completion)
        finally:
            del self._asking[key]
            done.set()
        return completion


class Replaying:
    """A provider that has nothing but a journal: no network, the same answers again."""

    def __init__(self, journal: Journal, model: str | None = None) -> None:
        """`model` is whose answers to give; by default that of the journal's first record."""
        self.model = model or journal.model or "replayed"
        self._journal = journal

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer from the journal. Raises ProviderError where it does not hold the answer."""
        await anyio.lowlevel.checkpoint()
        found = self._journal.get(prompt, self.model)
        if found is None:
            message = f"{self._journal.path} holds no answer of {self.model} to this “{prompt.name}”: replay with the sources, options and version it was written with"
            raise ProviderError(message)
        return found


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("persona-core", "persona-providers", "litellm")}


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
