"""A finished job without a participant who withdrew: worked out beside the database, and kept in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from persona_api.problems import ProblemError, wrong
from persona_api.store import jobs
from persona_api.store.schema import compact
from persona_core.errors import ConfigurationError
from persona_core.loading import load
from persona_core.models import Corpus, PersonaSet
from persona_core.models.job import GenerateRequest
from persona_core.pipeline import revise
from persona_core.runs import read_personas, to_json
from persona_core.withdrawal import Revision, recalled, remembered


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished job with all that is kept of it."""

    row: Row[Any]
    sources: Sequence[tuple[str, bytes]]
    remains: str | None
    """What is left of the sources, where somebody withdrew before."""
    told: Sequence[Row[Any]]
    """Its events that say more than figures."""


@dataclass(frozen=True, slots=True)
class Revised:
    """What takes the place of it."""

    personas: PersonaSet
    request: str
    error: str | None
    remains: str
    events: Mapping[int, str]


def finished(connection: Connection, job: str) -> Finished | None:
    """Read a job with all that is kept of it."""
    row = jobs.asked(connection, job)
    if row is None:
        return None
    return Finished(
        row, jobs.sources_of(connection, job), jobs.remains_of(connection, job), jobs.wordy(connection, job)
    )


def withdrawn(job: Finished, participant: str, now: float) -> Revised | None:
    """Work out a job without a participant; nothing where they withdrew already.

    Raises ProblemError where it has no personas, or they know nobody of that code.
    """
    if job.row.result is None:
        raise ProblemError(
            409, f"the job {job.row.status} without personas: delete it, and all that it was sent is gone"
        )
    personas = read_personas(job.row.result.encode())
    if any(each.participant == participant for each in personas.withdrawn):
        return None
    request = GenerateRequest.model_validate({**json.loads(job.row.request), "data": "kept"})
    corpus = _corpus(job, request, {})
    read = partial(_corpus, job, request)
    try:
        revision, _ = revise(personas, participant, corpus, read, at=datetime.fromtimestamp(int(now), UTC))
    except ConfigurationError as error:
        raise wrong("/participant", str(error)) from error
    return Revised(
        personas=revision.personas,
        request=json.dumps(_without_their_names(json.loads(job.row.request), revision), ensure_ascii=False),
        error=None if job.row.error is None else _without_words(job.row.error, revision),
        remains=json.dumps(remembered(corpus, revision.participant), ensure_ascii=False),
        events={each.sequence: _event(each, revision) for each in job.told},
    )


def _without_their_names(request: Mapping[str, Any], revision: Revision) -> dict[str, Any]:
    """A request without participants' rows, which nothing reads any more, and without what the data calls them."""
    options = dict(request.get("options") or {})
    for name in ("participant_label", "interviewer"):
        if options.get(name):
            options[name] = [each for each in options[name] if each.casefold() not in revision.labels]
    return {**request, "participants": [], "options": options}


def _corpus(job: Finished, request: GenerateRequest, recorded: Mapping[str, Any]) -> Corpus:
    if job.remains is not None:
        return recalled(json.loads(job.remains), recorded)
    return load(job.sources, request.options.loading(recorded), participants=request.register())


def _event(event: Row[Any], revision: Revision) -> str:
    """The data of an event without their words: of a persona as it is now, or only which one it was."""
    if event.type != "persona.created":
        return _without_words(event.data, revision)
    persona = json.loads(event.data)["persona"]
    known = {each.id: each for each in revision.personas.personas}
    left = known.get(persona["id"])
    shown = (
        left.model_dump(mode="json") if left is not None else {"id": persona["id"], "name": "", "title": ""}
    )
    return compact({"persona": shown})


def _without_words(document: str, revision: Revision) -> str:
    """A flat document whose texts lose the sentences that repeat their words."""
    said = {
        name: revision.words.left_out_of(value) if isinstance(value, str) else value
        for name, value in json.loads(document).items()
    }
    return compact(said)


def kept(connection: Connection, job: Finished, revised: Revised, now: float) -> None:
    """Put it in place of what was, and say so. Raises SupersededError where the job changed meanwhile."""
    result = compact(json.loads(to_json(revised.personas)))
    jobs.revise(
        connection,
        job.row,
        {"result": result, "request": revised.request, "error": revised.error},
        revised.remains,
        revised.events,
    )
    jobs.tell(connection, job.row.id, "generation.revised", {"personas": len(revised.personas.personas)}, now)
