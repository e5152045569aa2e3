"""The `persona` command."""
