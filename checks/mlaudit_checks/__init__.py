"""The bundled checks: the catalogue, and one module for each item that has a check."""
