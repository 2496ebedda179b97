import re


def literal(word):
    """Escape a word so that ``ilike`` takes it letter by letter.

    :param str word: what the user typed
    :rtype: str
    """
    return re.sub(r"([\\%_])", r"\\\1", word)
