"""Persona as a server."""
