"""What can go wrong with Google Analytics, told apart by what a person has to do about it."""

SHOWN = 300


class Ga4Error(Exception):
    """Nothing was read. `detail` has Google's words, which hold no secret."""

    is_temporary = False
    """Whether the next run may succeed without anybody doing anything."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail[:SHOWN])
        self.detail = detail[:SHOWN]


class DefinitionError(Ga4Error):
    """The report is asked for in a way that the service does not know: ours to mend."""


class SignInError(Ga4Error):
    """The key is missing, damaged or revoked, or this machine's clock is wrong."""


class NoAccessError(Ga4Error):
    """The service account may not read the property: it has to be added to it as a viewer."""

    def __init__(self, detail: str = "", service_account: str = "") -> None:
        super().__init__(detail)
        self.service_account = service_account


class PropertyUnknownError(Ga4Error):
    """There is no such property."""


class QuotaError(Ga4Error):
    """The property's quota is used up, for now."""

    is_temporary = True


class NotAnsweringError(Ga4Error):
    """The service cannot be reached, does not answer in time, or has an error of its own."""

    is_temporary = True
