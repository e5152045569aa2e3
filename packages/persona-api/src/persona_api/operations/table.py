"""Every operation of the server, a row each; what is asked most stands first, because routes are tried in order."""

from __future__ import annotations

from persona_api.operations import generations, measuring, service
from persona_api.operations.operation import Operation
from persona_core.models import EvidenceReport, Scorecard
from persona_core.models.audit import Audit
from persona_core.models.job import GenerateRequest, Job, JobPage

OPERATIONS: tuple[Operation, ...] = (
    Operation("health", "GET", "/health", "Whether the server answers.", service.health, response=service.Health, open=True),
    Operation("ready", "GET", "/ready", "Whether the server takes work.", service.ready, response=service.Ready, open=True),
    Operation(
        "get_job", "GET", "/generate/{id}", "A job with its status, progress and result.", generations.get, response=Job,
        headers={"If-None-Match": "An ETag: 304 where the job is as it was."},
    ),
    Operation(
        "create_job", "POST", "/generate", "Make personas; answers once the job is on disk.", generations.create,
        response=Job, status=202, body=GenerateRequest, form=True,
        headers={"Idempotency-Key": "The same key and request give the same job."},
    ),
    Operation(
        "list_jobs", "GET", "/generate", "Jobs, newest first, without their results.", generations.page,
        response=JobPage, query=generations.PageQuery,
    ),
    Operation(
        "cancel_job", "POST", "/generate/{id}/cancel", "End a job; one that has ended stays as it is.", generations.cancel,
        response=Job, status=202,
    ),
    Operation(
        "delete_job", "DELETE", "/generate/{id}",
        "Delete a finished job: its result, sources, events and journal are gone.", generations.delete, status=204,
    ),
    Operation(
        "follow_job", "GET", "/generate/{id}/events",
        "A job's events as they come (server-sent events); 204 where nothing is left to tell.", generations.events,
        media_type="text/event-stream", query=generations.FollowQuery,
        headers={"Last-Event-ID": "Go on after this event."},
    ),
    Operation(
        "score", "POST", "/score", "Measure personas in five dimensions.", measuring.score_personas,
        response=Scorecard, body=measuring.ScoreRequest,
    ),
    Operation(
        "verify", "POST", "/verify", "Look up every quote of personas in the sources.", measuring.verify_personas,
        response=EvidenceReport, body=measuring.VerifyRequest,
    ),
    Operation(
        "make_script", "POST", "/scripts", "Make a script that a model can play, or refuse with the audit.",
        measuring.make_script, response=measuring.ScriptResponse, body=measuring.ScriptRequest,
        refusal=measuring.ScriptProblem,
    ),
    Operation(
        "audit", "POST", "/audit", "Compare a text that is about to leave with the sources.", measuring.audit_text,
        response=Audit, body=measuring.AuditRequest,
    ),
    Operation(
        "read_audit_log", "GET", "/audit-log", "Who did what to which job when; for admins.", service.audit_log,
        response=service.LogPage, query=service.LogQuery, admin=True,
    ),
)  # fmt: skip
