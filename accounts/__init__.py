"""Who works here: users, their roles and units, signing in, and who may do what."""
