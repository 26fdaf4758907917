"""Lists of figures as people keep them: read in, mapped to what we measure, and written out."""
