"""Personas without a participant who withdrew."""

from persona_core.withdrawal.remembering import recalled, remembered
from persona_core.withdrawal.revising import Change, Revision, without
from persona_core.withdrawal.theirs import code_of

__all__ = ["Change", "Revision", "code_of", "recalled", "remembered", "without"]
