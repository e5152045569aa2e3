"""What the server can be asked: one table that makes the routes, the validation and the OpenAPI document."""

from persona_api.operations.operation import Call, Operation, Server
from persona_api.operations.table import OPERATIONS

__all__ = ["OPERATIONS", "Call", "Operation", "Server"]
