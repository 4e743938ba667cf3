"""The whole chain on one machine, without AWS and without Docker."""
