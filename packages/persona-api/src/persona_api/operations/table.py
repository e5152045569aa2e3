"""Every operation of the server, a row each; what is asked most stands first, because routes are tried in order."""

from __future__ import annotations

from persona_api.operations import generations, measuring, service, webhooks
from persona_api.operations.operation import Operation
from persona_api.operations.paging import PageQuery
from persona_core.models import EvidenceReport, Scorecard
from persona_core.models.audit import Audit
from persona_core.models.job import GenerateRequest, Job, JobPage, ScriptProblem, ScriptResponse
from persona_core.models.webhook import (
    Delivery,
    DeliveryPage,
    Webhook,
    WebhookCreated,
    WebhookInput,
    WebhookPage,
    WebhookPatch,
)

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
        response=JobPage, query=generations.JobQuery,
    ),
    Operation(
        "cancel_job", "POST", "/generate/{id}/cancel", "End a job; one that has ended stays as it is.", generations.cancel,
        response=Job, status=202,
    ),
    Operation(
        "withdraw_participant", "POST", "/generate/{id}/withdraw",
        "Take a participant who withdrew out of a finished job; generation.revised is sent.", generations.withdraw,
        response=Job, body=generations.WithdrawRequest,
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
        measuring.make_script, response=ScriptResponse, body=measuring.ScriptRequest,
        refusal=ScriptProblem,
    ),
    Operation(
        "audit", "POST", "/audit", "Compare a text that is about to leave with the sources.", measuring.audit_text,
        response=Audit, body=measuring.AuditRequest,
    ),
    Operation(
        "create_webhook", "POST", "/webhooks", "Be told of what happens; the secret is shown this once.", webhooks.create,
        response=WebhookCreated, status=201, body=WebhookInput,
    ),
    Operation(
        "list_webhooks", "GET", "/webhooks", "Webhooks, newest first.", webhooks.page, response=WebhookPage, query=PageQuery,
    ),
    Operation("get_webhook", "GET", "/webhooks/{id}", "A webhook, without its secret.", webhooks.get, response=Webhook),
    Operation(
        "change_webhook", "PATCH", "/webhooks/{id}", "Change a webhook; what is not named stays.", webhooks.change,
        response=Webhook, body=WebhookPatch,
    ),
    Operation(
        "delete_webhook", "DELETE", "/webhooks/{id}", "Delete a webhook with its deliveries.", webhooks.delete, status=204,
    ),
    Operation(
        "ping_webhook", "POST", "/webhooks/{id}/ping", "Send a webhook.ping, to see whether it arrives.", webhooks.ping,
        response=Delivery, status=202,
    ),
    Operation(
        "rotate_webhook_secret", "POST", "/webhooks/{id}/rotate-secret",
        "Make a new secret; the old one signs beside it for 24 hours.", webhooks.rotate, response=WebhookCreated,
    ),
    Operation(
        "list_deliveries", "GET", "/webhooks/{id}/deliveries", "Deliveries with their attempts, newest first.",
        webhooks.deliveries, response=DeliveryPage, query=PageQuery,
    ),
    Operation(
        "redeliver", "POST", "/webhooks/{id}/deliveries/{delivery_id}/redeliver",
        "Deliver again, under the same webhook-id.", webhooks.redeliver, response=Delivery, status=202,
    ),
    Operation(
        "read_audit_log", "GET", "/audit-log", "Who did what to which job when; for admins.", service.audit_log,
        response=service.LogPage, query=service.LogQuery, admin=True,
    ),
)  # fmt: skip
