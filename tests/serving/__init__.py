"""A real server in a process of its own, started, killed and started again by tests."""

from serving.process import Serving, Working, study, until

__all__ = ["Serving", "Working", "study", "until"]
