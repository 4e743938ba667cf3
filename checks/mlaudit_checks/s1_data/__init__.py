"""Section 1: data-centric management."""
