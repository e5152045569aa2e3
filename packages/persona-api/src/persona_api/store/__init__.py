"""What is kept: jobs, sources, events, journals and keys, in one schema for every database."""

from persona_api.store.database import Database

__all__ = ["Database"]
