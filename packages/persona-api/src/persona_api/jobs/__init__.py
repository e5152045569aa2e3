"""What is done with jobs: kept, run, followed, ended."""

from persona_api.jobs.keeping import Jobs, Submitted
from persona_api.jobs.running import Generation, Portal

__all__ = ["Generation", "Jobs", "Portal", "Submitted"]
