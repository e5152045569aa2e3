"""What can go wrong with a server, beside what core and providers raise.

PersonaError
└── APIError               a server did not do what was asked
    ├── APIConnectionError     it cannot be reached, or broke off
    │   └── APITimeoutError        it did not answer in time
    └── APIStatusError         it refused: `status`, `problem`, `request_id`
"""

from __future__ import annotations

from persona_core.errors import PersonaError
from persona_core.models.job import Problem


class APIError(PersonaError):
    """A server did not do what was asked."""


class APIConnectionError(APIError):
    """A server cannot be reached, or broke off before it had answered."""


class APITimeoutError(APIConnectionError):
    """A server did not answer in time."""


class APIStatusError(APIError):
    """A server refused; `problem` says why, and `request_id` finds the request in its log."""

    def __init__(self, problem: Problem, request_id: str | None = None) -> None:
        self.status, self.problem = problem.status, problem
        self.request_id = problem.request_id or request_id
        found = f" (request {self.request_id})" if self.request_id else ""
        super().__init__(f"{problem.detail or problem.title}{found}")
