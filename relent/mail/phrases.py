"""Lists of phrases as one search: what people and machines write is data, one phrase a line, to read and to add to."""

import re


def any_of(*phrases: str) -> re.Pattern[str]:
    """Return a search for any of ``phrases``, each a regular expression; case does not count.

    A phrase bounds whatever it repeats (``[^.\\n]{0,40}``), so that a search stays linear in the text.
    """
    return re.compile("|".join(phrases), re.IGNORECASE)
