"""Every answer under the hash of what was asked, in a file that only grows: nothing is asked twice."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio

from persona_core.errors import ConfigurationError, LoadError, ProviderError
from persona_core.models.completion import Completion, Prompt
from persona_core.provider import Provider

_FORMAT = 1


class Journal:
    """Completions by what was asked: a line of JSON for each, written before the completion is used.

    It holds answers, which may quote participants, and of the prompts only names and hashes. One writer at a time.
    A last line that was torn by a crash is left out, and cut off before the next is written.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.model: str | None = None
        """The model of the first record."""
        self.about: Mapping[str, Any] = {}
        """How the run was made, as its first line says; `begin` sets it."""
        self._answers: dict[str, Completion] = {}
        self._file: int | None = None
        whole = self._read()
        if writable:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
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

    def begin(self, about: Mapping[str, Any]) -> None:
        """Say how the run is made, for a journal that holds no answer yet; written with the first."""
        if not self._answers:
            self.about = dict(about)

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
        if self._file is None:
            raise ConfigurationError(f"the journal {self.path} is not open for writing")
        key = prompt.key(model)
        answer = completion.model_dump(mode="json", exclude={"replayed"})
        record = {"journal": _FORMAT, "key": key, "prompt": prompt.name, "model": model, "completion": answer}
        line = json.dumps({**record, "versions": _versions()}, separators=(",", ":")) + "\n"
        if not self._answers and self.about:
            line = json.dumps({"journal": _FORMAT, "about": self.about}, separators=(",", ":")) + "\n" + line
        _write(self._file, line.encode())
        self._keep(key, model, completion)

    def _keep(self, key: str, model: str, completion: Completion) -> None:
        self.model = self.model or model
        self._answers[key] = completion.model_copy(update={"replayed": True})

    def _read(self) -> int:
        """Take in every whole line, and give their length in bytes."""
        try:
            data = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise LoadError(f"the journal cannot be read ({error.strerror})", path=str(self.path)) from error
        whole = data.rfind(b"\n") + 1
        for number, line in enumerate(data[:whole].splitlines(), 1):
            try:
                record: dict[str, Any] = json.loads(line)
                if "about" in record:
                    self.about = record["about"]
                    continue
                self._keep(record["key"], record["model"], Completion.model_validate(record["completion"]))
            except (ValueError, KeyError, TypeError) as error:
                place = f"line {number}"
                raise LoadError("this is no record of a journal", path=str(self.path), place=place) from error
        return whole


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
