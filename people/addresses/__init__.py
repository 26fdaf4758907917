"""Phone numbers, e-mail addresses and names as people type them: made uniform, or refused.

Each function takes whatever a form or a spreadsheet cell holds. It gives the uniform value, with
warnings a person may want to see, or raises `AddressError` with a sentence that says what is wrong
and what to do. It raises nothing else.
"""

from people.addresses.email import EMAIL_MAX_LENGTH, Email, normalise_email, read_email
from people.addresses.name import NAME_MAX_LENGTH, Name, clean_name, read_name
from people.addresses.phone import Phone, can_receive_sms, normalise_phone
from people.addresses.typed import CELL_MAX_LENGTH, AddressError, shorten

__all__ = [
    "CELL_MAX_LENGTH",
    "EMAIL_MAX_LENGTH",
    "NAME_MAX_LENGTH",
    "AddressError",
    "Email",
    "Name",
    "Phone",
    "can_receive_sms",
    "clean_name",
    "normalise_email",
    "normalise_phone",
    "read_email",
    "read_name",
    "shorten",
]
