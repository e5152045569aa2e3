"""Personas to scripts: what may be shared of what was said, in the words of many."""

from persona_core.abstraction.making import abstract
from persona_core.abstraction.re_expressing import re_expressed

__all__ = ["abstract", "re_expressed"]
