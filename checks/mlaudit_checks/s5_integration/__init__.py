"""Section 5, continuous integration."""
