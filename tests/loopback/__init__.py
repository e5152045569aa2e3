"""A model's server on this machine, for tests and benchmarks: `from loopback import Loopback`."""

from loopback.server import FAULTS, Loopback, Request, every, first

__all__ = ["FAULTS", "Loopback", "Request", "every", "first"]
