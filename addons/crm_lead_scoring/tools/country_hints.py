"""What tells the country of a lead that has none: number, address, language."""

import re
from functools import cache

try:
    import phonenumbers
except ImportError:
    # Odoo makes do without it; numbers are not brought to one form then.
    phonenumbers = None

#: Codes of countries that stand at the end of addresses of all the world.
WORLDWIDE = frozenset(
    "ac ag ai as bz cc cd co cx fm gg im io la ly me ms nu pw sc sh st sx tk to tv vc"
    " vg ws".split()
)
#: The end of addresses where it is not the country's code.
OTHER_ENDS = {"uk": "GB"}
#: Countries that share a code and are not told apart by the first digits.
SHARED_CODES = frozenset({1})


@cache
def phone_prefixes():
    """Return what international numbers begin with: ``{digits: country code}``.

    Where countries share a code, the main one stands for it, the others for the digits
    that are theirs alone; where there is no main one (+1), the code tells nothing.
    """
    found = {}
    if phonenumbers is None:
        return found
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        for region in regions[1:]:
            metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
            pattern = metadata.leading_digits if metadata else None
            for digits in _beginnings(pattern) if pattern else ():
                found[f"{code}{digits}"] = region
        if code not in SHARED_CODES and regions[0].isalpha():
            found[str(code)] = regions[0]
    return found


def _beginnings(pattern):
    """Yield the shortest beginnings, of up to three digits, that a pattern matches."""
    known = []
    for length in (1, 2, 3):
        for number in range(10**length):
            digits = f"{number:0{length}}"
            if digits.startswith(tuple(known)):
                continue
            if re.fullmatch(pattern, digits):
                known.append(digits)
                yield digits


def hints(countries, languages):
    """Return ids of countries by what tells of them.

    :param dict countries: ids of countries by their code, in capitals
    :param dict languages: codes of languages (``bg_BG``) by their ids
    :return: dict with ``phone``, ``email`` and ``language``, each a dict
    """
    ends = {code.lower(): code for code in countries} | OTHER_ENDS
    return {
        "phone": {
            digits: countries[code]
            for digits, code in phone_prefixes().items()
            if code in countries
        },
        "email": {
            end: countries[code]
            for end, code in ends.items()
            if end not in WORLDWIDE and code in countries
        },
        "language": {
            language: countries[code[-2:]]
            for language, code in languages.items()
            # English is spoken, and chosen for want of another, anywhere.
            if re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}", code)
            and not code.startswith("en_")
            and code[-2:] in countries
        },
    }
