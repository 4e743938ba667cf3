"""Section 6: continuous monitoring."""
