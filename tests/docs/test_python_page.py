"""The reference of the Python client names all there is."""

import inspect

from docs.pages import DOCS, blocks

from persona_sdk import PersonaClient


def test_every_method_is_on_the_page():
    """Nothing public is without an example that runs."""
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    shown = "".join(blocks(page, "python"))
    with PersonaClient() as client:
        for owner in (client, client.jobs, client.webhooks):
            for name, _ in inspect.getmembers(owner, callable):
                if not name.startswith("_"):
                    assert f".{name}(" in shown, name
