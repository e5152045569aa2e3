"""Personas inside a web application of your own: `uvicorn fastapi_app:app`."""

from typing import Annotated

import anyio
from fastapi import FastAPI, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse

from persona_core import PersonaError, PersonaSet, SynthesisOptions, generate, load, to_json
from persona_core.pipeline.reporting import report

app = FastAPI(title="Personas")


def read(files: list[UploadFile]) -> list[tuple[str, bytes]]:
    """What was sent, as names with bytes."""
    return [(file.filename or "unnamed.txt", file.file.read()) for file in files]


def make(sources: list[tuple[str, bytes]], count: int) -> PersonaSet:
    """Make personas, offline."""
    return anyio.run(generate, load(sources), None, SynthesisOptions(count=count))


@app.post("/personas")
def personas(files: list[UploadFile], count: Annotated[int, Form(ge=1, le=20)] = 3) -> Response:
    """A personas file. A plain function, which FastAPI runs in a thread, so that others are served meanwhile."""
    return Response(to_json(make(read(files), count)), media_type="application/json")


@app.post("/report")
def page(files: list[UploadFile], count: Annotated[int, Form(ge=1, le=20)] = 3) -> HTMLResponse:
    """The posters, for showing to others."""
    sources = read(files)
    return HTMLResponse(report(make(sources, count), load(sources), audience="share"))


@app.exception_handler(PersonaError)
def refused(_request: Request, error: Exception) -> JSONResponse:
    """What cannot be read or made: the message says what to do."""
    return JSONResponse({"detail": str(error)}, status_code=422)
