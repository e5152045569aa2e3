"""What was sent as bytes: JSON or a form with files, and files of the server's data folder."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio.to_thread
from pydantic import BaseModel, ValidationError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from persona_api.problems import ProblemError, of_validation, wrong
from persona_api.settings import Settings
from persona_core.errors import LoadError
from persona_core.loading.files import find
from persona_core.models.job import SourceInput

Given = list[tuple[str, bytes]]
_LARGE = 256 * 1024
"""Bytes of JSON from which on a thread reads it, so that others are answered meanwhile."""
_FIELDS = 20
_END = 512
"""Bytes of a form in which its closing boundary, at most 70 long, must stand."""


async def json_of(request: Request, model: type[BaseModel]) -> Any:
    """Read a body of JSON into a model. Raises ProblemError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ProblemError(415, "send JSON, with Content-Type: application/json")
    return await _parsed(await request.body(), model)


async def _parsed(body: bytes, model: type[BaseModel]) -> Any:
    try:
        if len(body) > _LARGE:
            return await anyio.to_thread.run_sync(model.model_validate_json, body)
        return model.model_validate_json(body)
    except ValidationError as error:
        raise of_validation(error) from None
    except RecursionError:
        raise ProblemError(400, "the JSON is nested too deeply") from None


async def form_of(request: Request, model: type[BaseModel], settings: Settings) -> tuple[Any, Given]:
    """Read a form of `file` parts and a `request` part in JSON; the files take the place of its sources."""
    end, kept = bytearray(), request.receive

    async def followed() -> Message:
        message = await kept()
        end.extend(message.get("body", b"")[-_END:])
        del end[:-_END]
        return message

    try:
        form = await Request(request.scope, followed).form(
            max_files=settings.max_sources, max_fields=_FIELDS, max_part_size=settings.max_body
        )
    except (MultiPartException, HTTPException) as error:
        detail = getattr(error, "message", None) or getattr(error, "detail", "")
        raise ProblemError(400, f"the form cannot be read: {detail}") from None
    try:
        _refuse_cut_off(request.headers["content-type"], bytes(end))
        files, asked = await _parts(list(form.multi_items()))
    finally:
        await form.close()
    if not files:
        raise ProblemError(422, "the form has no part named “file”: there are no sources")
    distinct(files)
    merged = _with_placeholder(asked or "{}")
    return await _parsed(merged, model), files


def _refuse_cut_off(kind: str, end: bytes) -> None:
    """A form without its closing boundary lost what came last, and nobody would know. Raises ProblemError."""
    boundary = parse_options_header(kind)[1].get(b"boundary", b"")
    if b"--" + boundary + b"--" not in end:
        raise ProblemError(400, "the form ends before its closing boundary: something of it is missing")


def _with_placeholder(asked: str) -> bytes:
    """The request with a stand-in for the files, which a request in JSON must have as sources."""
    try:
        given = json.loads(asked)
    except (ValueError, RecursionError):
        raise ProblemError(400, "the part “request” is no JSON") from None
    if not isinstance(given, dict):
        raise ProblemError(422, "the part “request” must be a JSON object")
    if given.get("sources"):
        raise ProblemError(422, "give sources as files or in the request, not both")
    try:
        return json.dumps({**given, "sources": [{"name": "file", "content": ""}]}).encode()
    except (ValueError, RecursionError):
        raise ProblemError(400, "the part “request” is nested too deeply") from None


async def _parts(parts: Sequence[tuple[str, Any]]) -> tuple[Given, str | None]:
    files: Given = []
    asked: str | None = None
    for name, value in parts:
        if name == "file" and isinstance(value, UploadFile):
            files.append((label(value.filename or "", f"file {len(files) + 1}"), await value.read()))
        elif name == "request" and asked is None:
            asked = (
                (await value.read()).decode("utf-8", "replace") if isinstance(value, UploadFile) else value
            )
        else:
            raise ProblemError(422, f"the form has a part “{name[:60]}”; known are file and one request")
    return files, asked


def label(name: str, pointer: str) -> str:
    """A source's name as a label: relative, with `/`, never out of where it is. Raises ProblemError."""
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    drive = len(plain) > 1 and plain[1] == ":"
    if (
        not plain.strip(" ./")
        or plain.startswith("/")
        or drive
        or ".." in parts
        or "\0" in plain
        or not plain.isprintable()
    ):
        detail = "a source's name is a label such as interviews/P01.md: no absolute path, no “..”, no control characters"
        raise wrong(pointer, detail)
    return "/".join(part for part in parts if part not in {"", "."})


def sources_of(given: Sequence[SourceInput]) -> Given:
    """Bytes of the sources of a request. Raises ProblemError for base64 that is none."""
    found = [(label(each.name, f"/sources/{i}/name"), _bytes(each, i)) for i, each in enumerate(given)]
    distinct(found)
    return found


def distinct(given: Given) -> None:
    """Refuse two sources of one name: nobody could say which a quote is from."""
    name, times = Counter(name for name, _ in given).most_common(1)[0] if given else ("", 0)
    if times > 1:
        raise wrong("/sources", f"two sources are called “{name}”: give each its own name")


def _bytes(source: SourceInput, i: int) -> bytes:
    if source.encoding == "utf-8":
        return source.content.encode("utf-8", "replace")
    try:
        return base64.b64decode("".join(source.content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise wrong(f"/sources/{i}/content", "this is no base64") from None


def data_of(name: str, settings: Settings) -> Given:
    """Read files of the server's data folder. Raises ProblemError for what lies elsewhere, symbolic links included."""
    if settings.data_dir is None:
        raise _not_data("this server has no data folder (--data-dir): send the sources along")
    plain = Path(name)
    if plain.is_absolute() or ".." in plain.parts or "\\" in name or "://" in name or "\0" in name:
        raise _not_data("name a file or folder below the data folder, such as study/interviews.csv")
    root = settings.data_dir.resolve()
    try:
        inside = (root / plain).resolve()
        if not inside.is_relative_to(root) or not inside.exists():
            raise _not_data("there is no such file or folder below the data folder")
        files, _ = find([inside])
    except (OSError, LoadError, RuntimeError):
        raise _not_data("there is no such file or folder below the data folder") from None
    try:
        return _read(
            root, inside, [(each.name, each.path) for each in files if each.path is not None], settings
        )
    except (OSError, RuntimeError):
        raise _not_data("a file there cannot be read") from None


def _read(root: Path, inside: Path, files: Sequence[tuple[str, Path]], settings: Settings) -> Given:
    found: Given = []
    read = 0
    for name, path in files:
        if not path.resolve().is_relative_to(root):
            raise _not_data(f"“{name}” leads out of the data folder")
        if not path.is_file():
            raise _not_data(f"“{name}” is no file")
        read += path.stat().st_size
        if read > settings.max_body:
            raise ProblemError(413, f"the sources are longer than {settings.max_body:,} bytes (--max-body)")
        found.append((name if inside.is_dir() else inside.name, path.read_bytes()))
    if not found:
        raise _not_data("there is nothing to read there")
    return found


def _not_data(detail: str) -> ProblemError:
    return wrong("/data", detail)
