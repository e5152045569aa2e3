"""Personas without a participant who withdrew."""

from persona_core.withdrawal.remembering import recalled, remembered
from persona_core.withdrawal.revising import Change, Revision, without

__all__ = ["Change", "Revision", "recalled", "remembered", "without"]
