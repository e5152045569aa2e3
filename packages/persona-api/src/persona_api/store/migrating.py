"""Bringing a database to the version that this code knows."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from persona_api.store.sharing import MIGRATIONS, wait_for
from persona_core.errors import ConfigurationError


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, one process at a time.

    A revision is four digits, the first of which is its era: within an era a migration only adds, so that a process of an
    earlier version goes on beside those of a later one. Raises ConfigurationError where the database is of a later era.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(str(files("persona_api.store") / "migrations"))))
    script = ScriptDirectory.from_config(config)
    known = {each.revision for each in script.walk_revisions()}
    with engine.connect() as connection, connection.begin():
        wait_for(connection, MIGRATIONS)
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            if current[0] == str(script.get_current_head())[0]:
                return
            raise ConfigurationError(
                f"the database is of a newer version ({current}) than this server: install a newer Persona"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
