"""Commands of the Makefile: setting up, running, checking. Nothing in the application imports them."""
