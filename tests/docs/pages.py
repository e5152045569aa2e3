"""Python pages as programs: what each block prints stands in the block of text after it."""

from __future__ import annotations

import contextlib
import io
import re

_BLOCKS = re.compile(r"^```python\n(?P<code>.*?)^```$(?:\n\n^```text\n(?P<shown>.*?)^```$)?", re.M | re.S)


def run(page: str, swaps: dict[str, str]) -> str:
    """Run a page's blocks in order and give the page with what they print; `swaps` stand for the page's own addresses."""
    names: dict[str, object] = {"__name__": "page"}

    def pasted(block: re.Match[str]) -> str:
        code = block["code"]
        for shown, real in swaps.items():
            code = code.replace(shown, real)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "page", "exec"), names)  # noqa: S102 - the page's own
        said = printed.getvalue()
        for shown, real in swaps.items():
            said = said.replace(real, shown)
        block_of_code = f"```python\n{block['code']}```"
        return (
            block_of_code if block["shown"] is None and not said else f"{block_of_code}\n\n```text\n{said}```"
        )

    return _BLOCKS.sub(pasted, page)
