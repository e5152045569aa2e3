"""What is kept: jobs, sources, events, journals and keys, in one schema for every database."""

from persona_api.store.database import UNUSABLE, Database
from persona_api.store.opening import is_shared, open_database

__all__ = ["UNUSABLE", "Database", "is_shared", "open_database"]
