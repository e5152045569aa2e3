"""Scripts tell personas apart and leak nothing: on turns of real interviews that nothing was made from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from privacy.utility.measuring import measure

from persona_core.loading import load

DATA = os.environ.get("PERSONA_REALDATA", "")
STUDY = Path(DATA) / "interviews-workforce"


@pytest.mark.skipif(
    not DATA or not STUDY.exists(), reason="PERSONA_REALDATA names no folder with the interviews"
)
def test_scripts_of_eight_personas_are_matched_to_their_own_people():
    """Nine of ten scripts over both halves are nearest to their own people's unseen turns, none is refused, no two are alike."""
    corpus = load(STUDY)
    found = [measure(corpus, 8, which) for which in (0, 1)]
    scripts = sum(each.scripts for each in found)
    for matcher in ("words", "letters"):
        assert sum(each.matched[matcher] for each in found) >= 0.9 * scripts
    assert sum(each.passed for each in found) == scripts
    assert max(each.alike for each in found) < 0.6
