"""Telling receivers what happens: who they are, and getting it to them."""

from persona_api.webhooks.dispatching import Dispatcher, Sending
from persona_api.webhooks.keeping import Webhooks
from persona_api.webhooks.sealing import Seal

__all__ = ["Dispatcher", "Seal", "Sending", "Webhooks"]
