"""Section 2: experimentation."""
