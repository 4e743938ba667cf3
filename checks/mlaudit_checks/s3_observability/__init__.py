"""Section 3: observability and model management."""
