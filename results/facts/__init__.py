"""What became of an intake, read from where it happened: one module for each part of the page.

Each part gives plain data that can be kept as JSON: numbers, texts, and names in both languages.
"""
