"""Step 7: planned against reached after each intake, its review, the evaluation of the work."""
