"""Section 8: continuous training."""
