"""A real PostgreSQL of the tests' own, from a package of its binaries: started, killed and started again by tests."""

from postgres.server import PostgresServer, frozen_way

__all__ = ["PostgresServer", "frozen_way"]
