"""The commands, one module each; `persona_cli.main` imports the one that is run."""
