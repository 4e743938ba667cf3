"""Checks of practices that other documents ask for."""
