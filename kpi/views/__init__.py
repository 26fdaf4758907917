"""Pages of step 6: each module shows one subject."""
