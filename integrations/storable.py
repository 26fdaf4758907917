"""Text from elsewhere, such as a database takes it."""


def storable(text: str) -> str:
    """Leave out the character of number nought, which PostgreSQL refuses, and half surrogates.

    JSON and a server's words may hold them; half a surrogate pair cannot be written as UTF-8.
    """
    return text.replace("\0", "").encode(errors="ignore").decode()
