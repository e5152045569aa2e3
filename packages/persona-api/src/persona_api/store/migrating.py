"""Bringing a database to the version that this code knows."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from persona_core.errors import ConfigurationError


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing. Raises ConfigurationError where the database is newer than this code."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(files("persona_api.store") / "migrations"))))
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect() as connection, connection.begin():
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise ConfigurationError(
                f"the database is of a newer version ({current}) than this server: install a newer Persona"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
