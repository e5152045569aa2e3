"""Personas without a participant who withdrew."""

from persona_core.withdrawal.revising import Change, Revision, without

__all__ = ["Change", "Revision", "without"]
