"""Outgoing texts against the corpus: what in them was said by somebody, or says who somebody is."""

from persona_core.auditing.auditor import Auditor

__all__ = ["Auditor"]
