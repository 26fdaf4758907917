"""Commands of the Makefile: setting up, running, checking. The application never imports them."""
