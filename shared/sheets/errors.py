"""What ends the reading of a file."""


class SheetError(Exception):
    """A whole file cannot be taken; the message says why in a sentence, in the language of whoever gave it."""


class NoSourceError(SheetError):
    """Neither the file nor whoever gave it says which source it comes from."""
