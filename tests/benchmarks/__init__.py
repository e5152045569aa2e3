"""How long the product takes and how much memory, beside what the machine itself takes."""
