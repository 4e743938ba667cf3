"""Section 4: robust pipelines and promotion."""
