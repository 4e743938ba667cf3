"""Checks beyond the checklist."""
