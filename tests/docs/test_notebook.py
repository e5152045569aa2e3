"""The example notebook runs in a real kernel, and shows personas and scores."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_the_notebook_goes_from_interviews_to_a_script():
    """Inside the kernel's running loop the client works as it does anywhere; what a notebook shows is HTML."""
    book = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    client = NotebookClient(
        book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}}
    )
    client.execute()
    shown = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    pages = [each.data["text/html"] for each in shown if "text/html" in each.get("data", {})]
    assert "<h3>Nikos Papadakis" in pages[0]
    assert "P05" in pages[0]
    assert "<th>Consistent<" in pages[1]
    texts = "".join(each.text for each in shown if each.output_type == "stream")
    assert "57 of 57 quotes stand word for word" in texts
    assert "You are Nikos Papadakis" in texts
