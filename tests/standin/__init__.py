"""A language model on this machine: an OpenAI-shaped server that answers as a test tells it, with faults on demand."""

from standin.server import Fault, Loopback

__all__ = ["Fault", "Loopback"]
