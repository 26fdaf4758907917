"""Measurements of the main work, each beside the least that any program would need for it."""
