"""Write every page anew."""

from docs.reference import marked, written

for page, text in marked().items():
    page.write_text(written(text), encoding="utf-8")
