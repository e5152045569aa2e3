"""Runs of words that texts share: an index over a million of them."""

from persona_core.shingles.index import Shingles
from persona_core.shingles.tokens import Tokens, tokenise, tokens_of

__all__ = ["Shingles", "Tokens", "tokenise", "tokens_of"]
