"""Section 9: governance."""
