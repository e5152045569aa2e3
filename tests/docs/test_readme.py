"""The README's commands that are not of the product are there."""

import re

from docs.pages import ROOT


def test_the_readme_names_targets_that_exist():
    """The make targets of the README are in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"(?:^|`)make (\w+)", page, re.MULTILINE)
    assert {"demo", "test", "build"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
