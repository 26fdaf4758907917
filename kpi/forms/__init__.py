"""Forms of step 6: each module is of one subject."""
