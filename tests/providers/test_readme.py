"""What the package's README shows is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "packages" / "persona-providers" / "README.md"


def test_its_example_runs_and_asks_once(loopback, tmp_path) -> None:
    """Within the budget that it names; the second run answers from the journal."""
    code = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    loopback.answer = lambda _request: "Hello."
    env = {**os.environ, "OPENAI_BASE_URL": loopback.url}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code[0]], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert (done.stdout, done.stderr) == ("Hello.\n", "")
    assert [request.text for request in loopback.requests] == ["Say hello."]
