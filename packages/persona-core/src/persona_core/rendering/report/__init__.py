"""The report: one page, in one file, for a wall and for whoever asks where a claim comes from."""

from persona_core.rendering.report.page import render_report

__all__ = ["render_report"]
