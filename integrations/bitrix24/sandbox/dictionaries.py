"""The dictionaries of a new portal: where leads come from, and the stages they go through."""

# Code and name.
SOURCES = (
    ("CALL", "Call"),
    ("EMAIL", "E-Mail"),
    ("WEB", "Website"),
    ("ADVERTISING", "Advertising"),
    ("PARTNER", "Existing Client"),
    ("RECOMMENDATION", "By Recommendation"),
    ("TRADE_SHOW", "Show/Exhibition"),
    ("WEBFORM", "CRM form"),
    ("CALLBACK", "Callback"),
    ("RC_GENERATOR", "Sales boost"),
    ("STORE", "Online Store"),
    ("OTHER", "Other"),
)
STAGES = (
    ("NEW", "Unassigned"),
    ("IN_PROCESS", "In Progress"),
    ("PROCESSED", "Processed"),
    ("JUNK", "Junk Lead"),
    ("CONVERTED", "Good lead"),
)
