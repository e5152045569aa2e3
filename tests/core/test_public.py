"""What persona_core offers."""

import subprocess
import sys

import pytest

import persona_core


def test_the_public_list_is_sorted_and_true():
    """Every public name exists, and the list is sorted."""
    assert persona_core.__all__ == sorted(persona_core.__all__)
    assert all(hasattr(persona_core, name) for name in persona_core.__all__)


def test_what_embedding_needs_is_there():
    """The names that the documentation imports come from the top."""
    assert {"load", "generate", "verify", "PersonaSet", "LoadingOptions", "SynthesisOptions"} <= set(
        persona_core.__all__
    )


def test_importing_does_nothing_heavy():
    """Importing persona_core leaves what takes time to its first use, and prints nothing."""
    heavy = ("sklearn", "scipy", "numpy", "pydantic", "docx", "openpyxl", "pypdf", "litellm", "rich")
    code = f"import sys, persona_core; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_sample_is_a_small_study():
    """The public double is six participants and an interviewer, the same each time."""
    from persona_core.testing import sample_corpus

    corpus = sample_corpus()
    assert [person.code for person in corpus.people] == ["P01", "P02", "P03", "P04", "P05", "P06"]
    assert corpus.digest == sample_corpus().digest
    assert {str(corpus.role(i)) for i in range(len(corpus))} == {"participant", "interviewer"}


def test_a_name_that_is_not_there():
    """A name that persona_core does not offer is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = persona_core.nothing
