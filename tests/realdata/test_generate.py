"""The command on every folder of the real data."""

import os
from pathlib import Path

import pytest

REAL = os.environ.get("PERSONA_REALDATA")
STUDIES = {
    "interviews-scientists": (),
    "interviews-workforce": (),
    "meetings-product": ("--assume-participant",),
    "pdf-interviews": (),
    "survey-market": (),
    # Beside the survey lie tables of what coders found in it: no participant's words.
    "survey-notebook-ux": ("--skip-unreadable",),
    "transcripts-formats": (),
}
"""Folders, and what each needs to be told."""


@pytest.mark.skipif(not REAL, reason="PERSONA_REALDATA is not set")
@pytest.mark.parametrize("study", STUDIES)
def test_every_quote_holds(tmp_path, installed, every_quote_holds, study):
    """Personas come out of it, and every quote stands where it says, said by who may be quoted."""
    made = installed("generate", Path(str(REAL)) / study, *STUDIES[study], "--out", "run")
    assert made.returncode == 0, made.stderr
    every_quote_holds(tmp_path / "run")
    assert installed("verify", "run").returncode == 0
