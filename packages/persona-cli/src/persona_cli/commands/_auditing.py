"""An audit as a terminal shows it: what, where in the text, where in the corpus, and never the words."""

from __future__ import annotations

from persona_cli import output
from persona_core.models import Corpus
from persona_core.models.audit import Audit

REFUSED = 6
"""Exit code where a text may not leave."""


def show(audit: Audit, corpus: Corpus | None) -> None:
    """Print what was found and what follows."""
    if audit.findings:
        rows = [
            (
                each.kind.replace("_", " "),
                each.severity,
                f"{each.start}–{each.end}",
                each.segment or "–",
                each.message,
            )
            for each in audit.findings
        ]
        output.table(("Found", "Severity", "Characters", "Segment", "What it is"), rows)
    verdict = "Nothing stands in the way" if audit.passed else "This should not leave"
    output.show(f"{verdict}: leakage {audit.leakage:g}, at most {audit.threshold:g} may be.")
    for reason in audit.refused_for:
        output.show(f"  {reason}")
    if corpus is None:
        output.show("The sources were not compared: only the persona's own quotes were.")
    if audit.embedder is None:
        output.show(
            "Sentences that say the same in entirely other words were not looked for (that needs an embedder)."
        )
