"""Participants: who they are, how they can be reached, and what they have consented to."""
