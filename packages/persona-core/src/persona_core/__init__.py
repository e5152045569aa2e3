"""Everything that is true without a network: loading, synthesis, evidence, quality, scripts, audit, rendering."""
