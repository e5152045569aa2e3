"""Scores, evidence, scripts and audits: one call each, nothing is kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

import anyio.from_thread
from pydantic import Field
from starlette.responses import Response

from persona_api.operations.operation import Call, json_response
from persona_api.problems import ProblemError, wrong
from persona_api.uploads import Given, sources_of
from persona_core.auditing import Auditor
from persona_core.loading import load
from persona_core.models import Corpus, EvidenceReport, PersonaSet
from persona_core.models.job import ReadingOptions, Rows, ScriptResponse, SourceInput, register_of
from persona_core.models.noun import Noun
from persona_core.models.script import ScriptFormat
from persona_core.pipeline import Release, ReleaseOptions, release, release_by_model, score
from persona_core.pseudonyms import Pseudonyms
from persona_core.quality.configuration import lenient, read_configuration, strict
from persona_core.runs import read_personas, to_json
from persona_core.verification import verify

Sources = Annotated[tuple[SourceInput, ...], Field(max_length=10_000)]


class _Material(Noun):
    """Research, and how it is read."""

    sources: Sources = ()
    """The research material that the personas were made from."""
    participants: Rows = ()
    """Rows of a participants file: `participant` or `file`, any of `group`, `quote_ok`, `withdrawn`, and demographics."""
    options: ReadingOptions = ReadingOptions()
    """How sources are read, where it is not as when the personas were made."""

    def corpus(self, given: Given, personas: PersonaSet | None = None) -> Corpus:
        """Load it, as it was read when the personas were made."""
        recorded = None if personas is None else personas.corpus.loading
        return load(given, self.options.loading(recorded), participants=register_of(self.participants))


class ScoreRequest(_Material):
    """Personas to be measured. Without sources, or `evidence`, evidence is unscored."""

    personas: dict[str, Any] | list[Any]
    """A personas file, or what other tools write."""
    evidence: dict[str, Any] | None = None
    """What `POST /api/v1/verify` said, in place of the sources."""
    config: dict[str, Any] | None = None
    """What is asked of personas: `weights` by dimension, `levels` (the least overall score of each), `minimums` (how many of each a complete persona has) and `max_missing` (quotes that may be missing for the gate to pass); what is not named is as usual."""
    min_score: Annotated[float, Field(ge=0, le=100)] | None = None
    """Asked of every persona; whether it holds is in `set.gate`, and the answer is 200 all the same. Fails where evidence is unscored, too."""
    allow_unscored: tuple[str, ...] = ()
    """Names of dimensions that the gate lets pass unscored."""
    strict: bool = False
    """Ask for every dimension, every quote and, where there is no `min_score`, an acceptable score; and more for each level."""
    lenient: bool = False
    """Ask for less for each level."""


class VerifyRequest(_Material):
    """Personas whose quotes are to be looked up."""

    personas: dict[str, Any] | list[Any]
    """A personas file, or what other tools write."""
    sources: Annotated[tuple[SourceInput, ...], Field(min_length=1, max_length=10_000)]
    """The research material in which they are looked up."""
    any_corpus: bool = False
    """Search these sources even where they are not the ones the personas were made from."""


class ScriptRequest(_Material):
    """A persona that a model is to play."""

    persona: dict[str, Any]
    """One of a personas file's `personas`, or a file with one persona."""
    format: ScriptFormat = ScriptFormat.character_card
    """The form in which it is given: for a model's instructions, a program, or a role-play front end (`tavern_…`)."""
    yaml: bool = False
    """A character card in YAML instead of JSON."""
    template: Annotated[str, Field(max_length=100_000)] | None = None
    """A Jinja2 template of one's own, for `jinja2_template`."""
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.1
    """The most leakage that passes; findings of high severity refuse whatever it is."""
    k: Annotated[int, Field(ge=1, le=1000)] = 3
    """What stands in a script was said by at least so many participants."""
    require_sources: bool = False
    """Refuse where there are no sources to compare with."""
    model: Annotated[str, Field(min_length=1, max_length=200)] = "extractive"
    """Who re-expresses the claims: `extractive` (no model), or one of the models that the server allows."""


class AuditRequest(_Material):
    """A text that is about to leave."""

    text: Annotated[str, Field(max_length=5_000_000)]
    """As it would leave."""
    sources: Annotated[tuple[SourceInput, ...], Field(min_length=1, max_length=10_000)]
    """The research material that the text is compared with."""
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.1
    """The most leakage that passes; findings of high severity refuse whatever it is."""
    k: Annotated[int, Field(ge=1, le=1000)] = 3
    """Facts that so many participants share give nobody away, together."""


async def score_personas(call: Call) -> Response:
    """Measure personas."""
    body: ScoreRequest = call.body
    if body.strict and body.lenient:
        raise ProblemError(422, "give strict or lenient, not both")
    given = sources_of(body.sources)
    return json_response(await call.work(partial(_scored, body, given)))


def _scored(body: ScoreRequest, given: Given) -> bytes:
    personas = _personas(body.personas)
    corpus = body.corpus(given, personas) if given else None
    report = None if body.evidence is None else _report(body.evidence)
    config = read_configuration(json.dumps(body.config or {}), "config")
    config = strict(config) if body.strict else lenient(config) if body.lenient else config
    card = score(
        personas,
        corpus,
        report=report,
        config=config,
        min_score=body.min_score,
        allow_unscored=body.allow_unscored,
    )
    return to_json(card)


def _report(given: Mapping[str, Any]) -> EvidenceReport:
    try:
        return EvidenceReport.model_validate(given)
    except ValueError:
        raise wrong("/evidence", "this is no evidence report, as /verify gives it") from None


async def verify_personas(call: Call) -> Response:
    """Look up every quote."""
    body: VerifyRequest = call.body
    given = sources_of(body.sources)
    return json_response(await call.work(partial(_verified, body, given)))


def _verified(body: VerifyRequest, given: Given) -> bytes:
    personas = _personas(body.personas)
    corpus = body.corpus(given, personas)
    return to_json(verify(personas, corpus, any_corpus=body.any_corpus))


async def make_script(call: Call) -> Response:
    """Make the script of a persona, or refuse it with the audit that says why."""
    body: ScriptRequest = call.body
    if not call.server.settings.allows(body.model):
        raise wrong("/model", f"“{body.model}” is not a model of this server's (--allow-model)")
    given = sources_of(body.sources)
    made: Release = await call.work(partial(_released, body, given, call.server.portal))
    binary = isinstance(made.content, bytes)
    response = ScriptResponse(
        script=made.script,
        content=base64.b64encode(made.content).decode() if isinstance(made.content, bytes) else made.content,
        encoding="base64" if binary else "utf-8",
        audit=made.audit,
    )
    return json_response(response.model_dump_json())


def _released(
    body: ScriptRequest, given: Given, portal: Callable[[], anyio.from_thread.BlockingPortal]
) -> Release:
    personas = _personas(body.persona)
    if len(personas.personas) != 1:
        raise wrong("/persona", f"there must be one persona here, not {len(personas.personas)}")
    corpus = body.corpus(given, personas) if given else None
    persona = personas.personas[0]
    options = ReleaseOptions(
        format=body.format,
        yaml=body.yaml,
        template=body.template,
        threshold=body.threshold,
        k=body.k,
        require_sources=body.require_sources,
    )
    if body.model == "extractive":
        return release(persona, corpus, options)
    from persona_providers import host_of, provider

    hide = str if host_of(body.model).loopback or corpus is None else Pseudonyms(corpus).hide

    async def asked() -> Release:
        model = provider(body.model)
        try:
            return await release_by_model(persona, corpus, model, options, hide=hide)
        finally:
            with anyio.CancelScope(shield=True):
                await model.aclose()

    return portal().call(asked)


async def audit_text(call: Call) -> Response:
    """Compare a text with the sources."""
    body: AuditRequest = call.body
    given = sources_of(body.sources)
    return json_response(await call.work(partial(_audited, body, given)))


def _audited(body: AuditRequest, given: Given) -> str:
    audit = Auditor(body.corpus(given), k=body.k).audit(body.text, threshold=body.threshold)
    return audit.model_dump_json()


def _personas(given: object) -> PersonaSet:
    return read_personas(json.dumps(given).encode())
