"""Section 7: continuous deployment."""
