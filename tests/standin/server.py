"""An OpenAI-shaped server on 127.0.0.1, in a thread of its own."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from persona_core.models.completion import Message, Prompt


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with one request.

    `kind`: `status` (with `status`, `message`, `retry_after`), `cut` (half an answer, then the connection ends), `length` (an answer
    cut at the token limit), `prose` (the JSON stands between sentences), `empty`, `hang`, `no schema` (400 where `response_format` is sent).
    """

    kind: str
    status: int = 500
    message: str = "the model is ill"
    retry_after: float | None = None


@dataclass
class Loopback:
    """A model that answers `answer(prompt)`, and counts.

    `fault` is asked before each request, with its number from 0, and may give a Fault.
    """

    answer: Callable[[Prompt], str] = lambda _prompt: "{}"
    fault: Callable[[int, dict[str, Any]], Fault | None] = lambda _number, _body: None
    latency: float = 0.0
    usage: bool = True
    bodies: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    most_in_flight: int = 0
    answered: int = 0
    _in_flight: int = 0

    @property
    def url(self) -> str:
        """What `OPENAI_BASE_URL` should be."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Loopback:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        app = Starlette(routes=[Route("/v1/chat/completions", self._complete, methods=["POST"])])
        config = uvicorn.Config(
            app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    async def _complete(self, request: Request) -> Response:
        number = len(self.bodies)
        raw = await request.body()
        body = json.loads(raw)
        self.raw.append(raw)
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            await anyio.sleep(self.latency)
            return await self._respond(body, self.fault(number, body))
        finally:
            self._in_flight -= 1

    async def _respond(self, body: dict[str, Any], fault: Fault | None) -> Response:
        kind = fault.kind if fault else ""
        if fault and (kind == "status" or (kind == "no schema" and "response_format" in body)):
            status = fault.status if kind == "status" else 400
            headers = {"retry-after": f"{fault.retry_after:g}"} if fault.retry_after is not None else {}
            message = fault.message if kind == "status" else "response_format json_schema is not supported"
            return JSONResponse(
                {"error": {"message": message, "type": "error", "code": None}}, status, headers
            )
        if kind == "hang":
            await anyio.sleep(30)
        text = "" if kind == "empty" else self.answer(_prompt_of(body))
        if kind == "prose":
            text = f"Sure! Here is what you asked for:\n```json\n{text}\n```\nAnything else?"
        if kind == "length":
            text = text[: len(text) // 2]
        whole = json.dumps(self._completion(body, text, "length" if kind == "length" else "stop"))
        if kind == "cut":
            return StreamingResponse(
                _half(whole), headers={"content-length": str(len(whole))}, media_type="application/json"
            )
        self.answered += 1
        return Response(whole, media_type="application/json")

    def _completion(self, body: dict[str, Any], text: str, finish: str) -> dict[str, Any]:
        read = sum(len(message["content"]) for message in body["messages"]) // 4
        counted = {
            "prompt_tokens": read,
            "completion_tokens": len(text) // 4,
            "total_tokens": read + len(text) // 4,
        }
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
        made = {
            "id": "c",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [choice],
        }
        return {**made, "usage": counted} if self.usage else made


async def _half(whole: str):
    yield whole[: len(whole) // 2].encode()
    raise ConnectionResetError


def _prompt_of(body: dict[str, Any]) -> Prompt:
    """The prompt behind a request, as `testing.truthful` wants it."""
    messages = tuple(Message(role=each["role"], text=each["content"]) for each in body["messages"])
    task = messages[1].text if len(messages) > 1 else ""
    kinds = {
        "Find exactly": "propose",
        "Note what": "observe",
        "Write one persona": "persona",
        "Some claims": "requote",
    }
    kind = next((name for start, name in kinds.items() if task.startswith(start)), "other")
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None and "fits this JSON Schema:\n" in messages[-1].text:
        schema = json.loads(messages[-1].text.rsplit("fits this JSON Schema:\n", 1)[1])
    return Prompt(name=f"{kind}/1", messages=messages, answer_schema=schema)
