"""Messages to people: what to send, through which channel, and what became of it."""
