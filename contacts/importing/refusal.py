from django.utils.functional import Promise


class ImportRefused(Exception):
    """Nothing was loaded; `field` names the answer that must change: file, contact_list, country or basis."""

    def __init__(self, message: str | Promise, *, field: str = "file") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
