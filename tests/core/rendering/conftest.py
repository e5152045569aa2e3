"""The sample study, its personas, and pages read as a browser would."""

import importlib.util
from pathlib import Path

import pytest

from persona_core.testing import sample_corpus

_SPEC = importlib.util.spec_from_file_location("rendered_studies", Path(__file__).with_name("studies.py"))
_STUDIES = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_STUDIES)


@pytest.fixture
def studies():
    """The sets of personas to render."""
    return _STUDIES


@pytest.fixture
def corpus():
    """The sample study."""
    return sample_corpus()


@pytest.fixture
def personas(corpus, studies):
    """Two personas of it."""
    return studies.about(corpus)
