"""Language models for Persona, through litellm."""
