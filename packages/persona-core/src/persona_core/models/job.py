"""What goes over the wire: jobs, what asks for them, and problems."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from persona_core.models.audit import Audit
from persona_core.models.noun import Noun
from persona_core.models.options import LoadingOptions, SynthesisOptions
from persona_core.models.persona import PersonaSet
from persona_core.models.script import Script
from persona_core.models.webhook import WebhookCreated

JobStatus = Literal["pending", "running", "completed", "failed", "cancelled"]
FINISHED: tuple[JobStatus, ...] = ("completed", "failed", "cancelled")


class FieldProblem(Noun):
    """What is wrong with one part of a request."""

    pointer: str
    """Where: an RFC 6901 pointer into the body, or `?name` for a query parameter."""
    detail: str
    """What is wrong there; the value is not repeated."""


class Problem(Noun):
    """What went wrong, as RFC 9457 (`application/problem+json`) says it."""

    type: str = "about:blank"
    """Always `about:blank`: `status` tells which kind of problem it is."""
    title: str
    """The status in words."""
    status: int
    """The status of the answer."""
    detail: str = ""
    """What to do."""
    instance: str | None = None
    """The path that was asked for."""
    errors: tuple[FieldProblem, ...] = ()
    """What is wrong field by field, where a body was at fault."""
    request_id: str | None = None
    """Finds the request in the log."""


class ScriptResponse(Noun):
    """A script that may leave."""

    script: Script
    """As an object, whatever the format."""
    content: str
    """The script in the format asked for: what was audited, to the byte."""
    encoding: Literal["utf-8", "base64"]
    """`base64` for a PNG."""
    audit: Audit
    """Of `content`; it passed."""


class ScriptProblem(Problem):
    """Why a script may not leave."""

    audit: Audit | None = None
    """What was found and where; without the words. Nothing where something else than the audit refused."""


class SourceInput(Noun):
    """One file of research material, sent along."""

    name: Annotated[str, Field(min_length=1, max_length=400)]
    """A label with the file's ending; never a path that is opened."""
    content: str
    """The text, or its bytes in base64."""
    encoding: Literal["utf-8", "base64"] = "utf-8"
    """What `content` is: text as it is, or any file's bytes in base64 (needed for `.docx`, `.pdf` and `.xlsx`)."""


class ReadingOptions(Noun):
    """How sources are read: the options of the command line."""

    participant_column: str | None = None
    """The table column that names the participant."""
    columns: Mapping[str, str] = {}
    """What a table's column is for: `open text`, `demographic`, `identifier` or `other`, by its name."""
    header_rows: Annotated[int, Field(ge=0, le=10)] | Literal["auto"] = "auto"
    """Of tables; `auto` finds out."""
    interviewer: tuple[str, ...] = ()
    """Labels of those who ask."""
    participant_label: tuple[str, ...] = ()
    """Labels of those who answer."""
    assume_participant: bool = False
    """Take words whose speaker cannot be told for a participant's."""
    skip_unreadable: bool = False
    """Count what cannot be read instead of stopping."""

    def loading(self, recorded: Mapping[str, Any] | None = None) -> LoadingOptions:
        """The same for `load`; what is not set is as `recorded`, where personas say how their sources were read."""
        named = {
            field: getattr(self, name) for name, field in _FIELDS.items() if name in self.model_fields_set
        }
        try:
            return LoadingOptions.model_validate({**(recorded or {}), **named})
        except ValueError:  # what was recorded is not ours
            return LoadingOptions.model_validate(named)


_FIELDS = {
    "participant_column": "participant_column",
    "columns": "column_roles",
    "header_rows": "header_rows",
    "interviewer": "interviewers",
    "participant_label": "participants",
    "assume_participant": "assume_participant",
    "skip_unreadable": "skip_unreadable",
}
"""Options as users name them, and the fields of LoadingOptions they fill."""


class GenerateOptions(ReadingOptions):
    """How sources are read and a model is asked: the options of the command line."""

    group_by: str | None = None
    """The researcher's own groups: a demographic, `group` or a column."""
    pseudonymise: Literal["auto", "on", "off"] = "auto"
    """Send tokens for names, ids and addresses; `auto`: to every host but this machine."""
    budget: Annotated[float, Field(ge=0)] | None = None
    """US dollars that the job may cost; it fails, and keeps what was made, before it would cost more. Null: any."""
    assume_price: Annotated[float, Field(ge=0)] | None = None
    """US dollars for a million tokens, where the model's price is not known."""
    context: Annotated[int, Field(ge=1000, le=100_000_000)] | None = None
    """Tokens that the model takes at once, prompt and answer together; null: what is known of it."""
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    """Calls made side by side."""
    rpm: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Calls begun in a minute, at most."""
    timeout: Annotated[float, Field(ge=0.1, le=3600)] = 120.0
    """Seconds for one call."""

    def calling(self) -> dict[str, Any]:
        """The same for a provider."""
        return self.model_dump(include={"budget", "assume_price", "context", "concurrency", "rpm", "timeout"})


Cell = str | bool | int | float | None
Rows = Annotated[tuple[Mapping[str, Cell], ...], Field(max_length=100_000)]
"""A participants file: `participant` or `file`, any of `group`, `quote_ok`, `withdrawn`, and demographics."""


class GenerateRequest(Noun):
    """A job to be done."""

    sources: tuple[SourceInput, ...] = ()
    """The research material; it is here or, on the server, in `data`."""
    data: Annotated[str, Field(max_length=4000)] | None = None
    """A file or folder below the server's data folder, where it has one."""
    count: Annotated[int, Field(ge=1, le=100)] = 3
    """Personas wanted; with `group_by` the groups decide."""
    model: Annotated[str, Field(min_length=1, max_length=200)] = "extractive"
    """`extractive`, or one of the models that the server allows."""
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] = 0
    """The same seed and sources give the same personas."""
    participants: Rows = ()
    """Rows of a participants file: `participant` or `file`, any of `group`, `quote_ok`, `withdrawn`, and demographics."""
    options: GenerateOptions = GenerateOptions()
    """How sources are read and a model is asked; each has a default."""
    webhook_url: Annotated[str, Field(min_length=1, max_length=2048)] | None = None
    """Told of everything that happens to this job, as a webhook of its own: https, unless the server allows more."""
    webhook_secret: Annotated[str, Field(min_length=16, max_length=512)] | None = None
    """What it is signed with; one is made, and shown in `webhook` of the answer, where none is given."""

    @model_validator(mode="after")
    def _has_sources(self) -> GenerateRequest:
        if not self.sources and self.data is None:
            raise ValueError(
                "there are no sources: give `sources`, or `data` where the server has a data folder"
            )
        return self

    def synthesis(self) -> SynthesisOptions:
        """How many personas, of which groups."""
        return SynthesisOptions(count=self.count, seed=self.seed, group_by=self.options.group_by)

    def register(self) -> tuple[str, bytes] | None:
        """The participants as `load` takes them."""
        return register_of(self.participants)


def register_of(rows: Sequence[Mapping[str, Cell]]) -> tuple[str, bytes] | None:
    """Participants as a CSV with a name, which is what `load` takes; nothing where none are given."""
    if not rows:
        return None
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows({name: _written(value) for name, value in row.items()} for row in rows)
    return "participants", text.getvalue().encode()


def _written(value: Cell) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


class Progress(Noun):
    """How far a job is."""

    done: int = 0
    """Of `total`, in this stage."""
    total: int = 0
    """How many steps the stage has, as far as is known; 0 before work began."""
    stage: str = ""
    """What is being done: `reading`, `grouping`, `archetypes`, `personas`, …"""


class Job(Noun):
    """One generation on a server."""

    id: str
    """`job_…`; its address is `links.self`."""
    status: JobStatus
    """`pending` until a worker takes it; the last three are final."""
    progress: Progress = Progress()
    """Of the stage that is under way."""
    created_at: datetime
    """When the request was kept on disk, in UTC."""
    started_at: datetime | None = None
    """Of its first attempt."""
    completed_at: datetime | None = None
    """When it completed, failed or was cancelled; nothing before."""
    error: Problem | None = None
    """Why it failed."""
    result: PersonaSet | None = None
    """The personas; of a failed job those that were made. Lists of jobs leave it out."""
    links: Mapping[str, str] = {}
    """Addresses: of itself, its events, and what can be done with it."""
    webhook: WebhookCreated | None = None
    """What `webhook_url` made, with its secret: in the answer to the request alone."""


class JobPage(Noun):
    """Some jobs, newest first."""

    data: tuple[Job, ...]
    """Without their results."""
    next_cursor: str | None = None
    """Give it as `cursor` for the next page; nothing after the last."""
