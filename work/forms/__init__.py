"""Forms of tasks and of where they come from."""
