"""What is particular to webinars (process step 5.1): presenter, contract, pay, the board of their
eight activities, and the warnings before their publication is due. Imports work, events, plans."""
