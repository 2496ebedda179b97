"""Names that programs and expressions can say, made of names that people gave."""

import re
import unicodedata

LONGEST = 60
_LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y y e yu ya"
        " e".split(),
        strict=True,
    )
)


def identifier(text, fallback="segment"):
    """Return lower case Latin letters, digits and ``_`` for a name in any script.

    >>> identifier("Ключови клиенти 2026")
    'klyuchovi_klienti_2026'
    """
    text = "".join(_LETTERS.get(letter, letter) for letter in (text or "").lower())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].rstrip("_")
    if not name:
        return fallback
    return name if name[0].isalpha() else f"_{name}"
