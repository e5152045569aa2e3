"""Persona from Python, in process or against a server."""
