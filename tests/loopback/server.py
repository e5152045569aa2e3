"""An OpenAI-shaped server on 127.0.0.1 that answers as it is told, misbehaves on demand and keeps every byte.

    with Loopback(answer=lambda request: '{"goals": []}', latency=0.2) as server:
        model = provider("openai/any", api_base=server.url)
        …
    server.requests        # every request, with the bytes that arrived: raw, headers, messages, text, schema, json
    server.in_flight       # requests being answered now; `most_in_flight`: the most there were

`answer` is a function from a Request to the text of the answer. It may be replaced while the server runs, and so may
`latency` (seconds) and `fault`: a name from FAULTS for every request, or a function from a Request to a name or None,
such as `first(2, "500")` or `every(2, "cut")`. `/embeddings` answers with vectors that depend on the text alone.
The server runs in a thread with an event loop of its own. As a process,

    python tests/loopback/server.py --latency 0.2 [--fault NAME]

prints its URL, answers `GET /stats` with `{"requests": …, "in_flight": …, "most_in_flight": …}` (itself not counted)
and ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

FAULTS: Mapping[str, str] = {
    "429": "429 without Retry-After",
    "429:S": "429 with Retry-After of S seconds, such as `429:1`",
    "400": "bad request; the answer echoes key and prompt",
    "401": "wrong key; the answer echoes key and prompt",
    "403": "not allowed",
    "404": "unknown model",
    "500": "server error",
    "503": "overloaded",
    "quota": "429 because the account is empty",
    "context": "the prompt is longer than the context",
    "no_schema": "`response_format` is refused; without it all is well",
    "cut": "the connection ends in the middle of the answer",
    "reset": "the connection ends before the answer",
    "length": "the answer is cut at the token limit",
    "prose": "prose and a fence around the JSON",
    "empty": "an empty answer",
    "no_usage": "an answer that does not say what it took",
    "garbage": "200 with a body that is no JSON",
    "hang": "no answer, ever",
    "drip": "a byte every 20 ms, for ever",
}
_ERRORS: Mapping[str, tuple[int, str, str]] = {
    "400": (400, "invalid_request_error", "something is wrong with the request"),
    "401": (401, "invalid_api_key", "Incorrect API key"),
    "403": (403, "permission_denied", "this key may not do this"),
    "404": (404, "model_not_found", "the model does not exist"),
    "500": (500, "server_error", "the server had an error"),
    "503": (503, "overloaded", "the server is overloaded"),
    "quota": (429, "insufficient_quota", "you exceeded your current quota"),
    "context": (400, "context_length_exceeded", "This model's maximum context length is 10 tokens."),
    "no_schema": (400, "invalid_request_error", "response_format of this type is not supported"),
}
_SPELT_OUT = "JSON Schema:\n"


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    number: int
    """From 1, in order of arrival."""
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    raw: bytes
    """Every byte: request line, headers, body."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.json["messages"]

    @property
    def text(self) -> str:
        """The text of all messages."""
        return "\n".join(message["content"] for message in self.messages)

    @property
    def schema(self) -> Any:
        """The JSON Schema asked for, as `response_format` or at the end of the prompt; None without one."""
        beside = (self.json.get("response_format") or {}).get("json_schema", {}).get("schema")
        _, spelt, schema = self.messages[-1]["content"].rpartition(_SPELT_OUT)
        return beside or (json.loads(schema) if spelt else None)


Fault = str | Callable[[Request], str | None] | None


def first(count: int, fault: str) -> Callable[[Request], str | None]:
    """A fault for the first `count` requests."""
    return lambda request: fault if request.number <= count else None


def every(step: int, fault: str) -> Callable[[Request], str | None]:
    """A fault for every `step`-th request, beginning with the first."""
    return lambda request: fault if request.number % step == 1 % step else None


@dataclass
class Loopback:
    """The server, running while its block does."""

    answer: Callable[[Request], str] = lambda _request: '{"answer": "yes"}'
    latency: float = 0.0
    fault: Fault = None
    requests: list[Request] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    failure: Exception | None = None
    """What `answer` or `fault` raised; raised again when the block ends."""

    def __enter__(self) -> Loopback:
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, kind: object, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        if self.failure is not None and kind is None:
            raise self.failure

    @property
    def url(self) -> str:
        """The base to give as `api_base`, or as OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        except Exception as error:  # noqa: BLE001 - it belongs to the test, which runs elsewhere
            self.failure = error
        finally:
            self._talks.discard(task)
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request, and say whether the connection goes on."""
        head = await reader.readuntil(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = line.split(" ")[1]
        if path == "/stats":
            writer.write(_http(200, {**self._counts(), "requests": len(self.requests)}))
            return True
        request = Request(len(self.requests) + 1, path, headers, head + body, body)
        self.requests.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            fault = self.fault(request) if callable(self.fault) else self.fault
            return await self._reply(request, fault, reader, writer)
        finally:
            self.in_flight -= 1

    def _counts(self) -> dict[str, int]:
        return {"in_flight": self.in_flight, "most_in_flight": self.most_in_flight}

    async def _reply(
        self,
        request: Request,
        fault: str | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        await asyncio.sleep(self.latency)
        if fault == "reset":
            return False
        if fault in {"hang", "drip"}:
            await _wait_for_the_end(reader, writer, drip=fault == "drip")
            return False
        data = self._answered(request, fault)
        writer.write(data[:-40] if fault == "cut" else data)
        await writer.drain()
        return fault != "cut"

    def _answered(self, request: Request, fault: str | None) -> bytes:
        """The bytes of the whole answer."""
        if fault == "garbage":
            return _http(200, "<html>no json</html>")
        if fault and fault.startswith("429"):
            after = fault.partition(":")[2]
            return _error(429, "rate_limit", "slow down", {"retry-after": after} if after else {})
        if fault in _ERRORS and (fault != "no_schema" or "response_format" in request.json):
            status, code, message = _ERRORS[fault]
            echo = f" {request.headers.get('authorization')} {request.body!r}" if status < 402 else ""
            return _error(status, code, message + echo)
        if request.path.endswith("/embeddings"):
            return _http(200, _embeddings(request))
        return _http(200, _completion(request, self.answer(request), fault))


async def _wait_for_the_end(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, drip: bool
) -> None:
    """Until the other side gives up, say nothing, or next to nothing."""
    if drip:
        head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n{"
        writer.write(head.encode())
    gone = asyncio.ensure_future(reader.read(1))
    try:
        while not (await asyncio.wait({gone}, timeout=0.02))[0]:
            if drip:
                writer.write(b" ")
    finally:
        gone.cancel()


def _completion(request: Request, text: str, fault: str | None) -> dict[str, Any]:
    changed = {
        "length": text[: len(text) // 2],
        "empty": "",
        "prose": f"Gladly! Here you are:\n```json\n{text}\n```\nAnything else?",
    }
    message = {"role": "assistant", "content": changed.get(fault or "", text)}
    reason = "length" if fault == "length" else "stop"
    read, written = len(request.body) // 4, max(1, len(text) // 4)
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    made = {"id": f"c{request.number}", "object": "chat.completion", "created": 1, "model": "loopback-1"}
    choices = [{"index": 0, "finish_reason": reason, "message": message}]
    return {**made, "choices": choices, **({} if fault == "no_usage" else {"usage": usage})}


def _embeddings(request: Request) -> dict[str, Any]:
    """Vectors of eight numbers, last text first."""
    rows = [
        {"object": "embedding", "index": i, "embedding": vector(text)}
        for i, text in enumerate(request.json["input"])
    ]
    usage = {"prompt_tokens": len(request.body) // 4, "total_tokens": len(request.body) // 4}
    return {"object": "list", "model": "loopback-1", "data": rows[::-1], "usage": usage}


def vector(text: str) -> list[float]:
    """What `/embeddings` answers for a text."""
    return [byte / 256 for byte in hashlib.sha256(text.encode()).digest()[:8]]


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> bytes:
    return _http(status, {"error": {"message": message, "type": code, "code": code}}, headers)


def _http(status: int, content: Any, headers: Mapping[str, str] | None = None) -> bytes:
    body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
    lines = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--fault")
    given = parser.parse_args()
    with Loopback(latency=given.latency, fault=given.fault) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
