"""Takes the pictures of the tutorial anew: `make pictures`. It needs chromium."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from e2e.browser import Page, browsing, installed

from persona_sdk import PersonaClient

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
WIDTH = 1000
SHOTS = {
    "poster.png": ("#persona-1", 880, ""),
    "evidence.png": (
        "#persona-1 .facets",
        480,
        "document.querySelector('#persona-1 .facets details').open = true",
    ),
}
"""For each picture: the element at whose top it begins, its height at most, and what is done on the page before."""


def take(page: Page, element: str, height: int, first: str) -> bytes:
    """A picture of an element, in CSS pixels, as PNG."""
    if first:
        page.run(first)
        page.run("new Promise(done => setTimeout(done, 500))")  # what turns has turned
    box = page.run(
        f"(() => {{ const r = document.querySelector('{element}').getBoundingClientRect();"
        " return [r.y + scrollY, r.height]; })()"
    )
    clip = {"x": 0, "y": box[0] - 20, "width": WIDTH, "height": min(box[1], height), "scale": 1}
    shot = page.ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
    return base64.b64decode(shot["data"])


def main() -> None:
    """Make personas of the example study and photograph their report."""
    browser = installed()
    if browser is None:
        sys.exit("there is no chromium here")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, PersonaClient() as client:
        client.generate(ROOT / "docs" / "examples" / "study").save(Path(name) / "run")
        with browsing(browser, Path(name) / "profile", f"--window-size={WIDTH},1200") as page:
            page.open(Path(name) / "run" / "report.html")
            for file, (element, height, first) in SHOTS.items():
                (IMAGES / file).write_bytes(take(page, element, height, first))


if __name__ == "__main__":
    main()
