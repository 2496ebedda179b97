"""Telephone numbers as people write them, brought to the one international form."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

#: What a spreadsheet makes of a long number: the digits are lost, so nobody may guess.
SCIENTIFIC = re.compile(r"^\d+([.,]\d+)?e[+-]?\d+$", re.IGNORECASE)
#: A number that a spreadsheet has kept whole, with the decimals it adds.
DECIMALS = re.compile(r"^(\+?\d{5,})[.,]0+$")
#: Words before an extension, in the languages of this suite and a few more.
EXTENSION = re.compile(
    r"(?:\s*(?:ext(?:ension|n)?|x|#|вътр(?:ешен)?|в|доб(?:авочный)?|durchwahl|poste)"
    r"[\s.:#]*|;ext=)(\d{1,7})\s*$",
    re.IGNORECASE,
)
#: Letters that stand for digits on a keypad count only in whole words (1-800-FLOWERS).
LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
VANITY = re.compile(r"^[+\d\s().\-/]*\d[\s().\-/]*[A-Za-z]{3,}[A-Za-z\s\-]*$")
#: Two numbers in one field are told apart by these.
SEVERAL = re.compile(r"[;,|\n]|\s/\s|\bили\b|\bor\b", re.IGNORECASE)
#: The longest text that is looked at: more is no number.
LONGEST = 64

#: What may be wrong with a number; the sentences are those of ``crm.phone.number``.
PROBLEMS = (
    "empty",
    "scientific",
    "letters",
    "several",
    "too_short",
    "too_long",
    "no_country",
    "unknown_prefix",
    "not_a_number",
)


class Parsed(NamedTuple):
    """A number as it was understood.

    :ivar e164: the international form (``+359888123456``), ``None`` if unreadable
    :ivar problem: one of :data:`PROBLEMS`, ``None`` if readable
    :ivar country: ISO code of the country the number belongs to, ``None`` where it is
        not told by the number (toll-free numbers of +800, satellites)
    :ivar ambiguous: several countries share it, or it is a number of no place
    :ivar extension: digits to dial after the answer, or ``None``
    """

    e164: str | None
    problem: str | None = None
    country: str | None = None
    ambiguous: bool = False
    extension: str | None = None


def normalise(text, country_code: str | None = None) -> Parsed:
    """Read a number as people, programs and spreadsheets write it.

    Nothing is guessed: what lost digits (``3.59E+11``) or holds letters that are no
    keypad word is unreadable.

    :param text: text, or a number out of a spreadsheet
    :param country_code: ISO code of the country whose national form is understood
    """
    if text is None or text is False or isinstance(text, bool):
        return Parsed(None, "empty")
    if isinstance(text, float):
        # Excel keeps 15 digits: a whole number of that size has lost none.
        if not text.is_integer() or abs(text) >= 10**15:
            return Parsed(None, "scientific")
        text = int(text)
    return _normalise(str(text)[: LONGEST + 1], (country_code or "").upper() or None)


@lru_cache(maxsize=8192)
def parse_e164(e164: str):
    """Return the ``PhoneNumber`` of an international form, ``None`` if it is none."""
    try:
        return phonenumbers.parse(e164, None)
    except NumberParseException:
        return None


def find_country(e164: str | None) -> str | None:
    """Return the country of a number as :func:`normalise` does, but faster.

    :param e164: the international form; ``None`` has no country
    """
    number = parse_e164(e164) if e164 else None
    country = number and phonenumbers.region_code_for_number(number)
    if country in (None, "001", "ZZ"):
        return None
    is_known = phonenumbers.is_valid_number_for_region(number, country)
    return country if is_known or _is_fictional(number) else None


@lru_cache(maxsize=65536)
def _normalise(text: str, country_code: str | None) -> Parsed:
    is_empty = not text.strip()
    text = _clean(text)
    if not text:
        return Parsed(None, "empty" if is_empty else "not_a_number")
    if SCIENTIFIC.match(text):
        return Parsed(None, "scientific")
    if len(text) > LONGEST:
        return Parsed(None, "too_long")
    text = DECIMALS.sub(r"\1", text)
    text, extension = _split_extension(text)
    problem = _find_problem(text)
    if problem:
        return Parsed(None, problem)
    return _parse(text, country_code, extension)


def _clean(text: str) -> str:
    """Return the text with plain digits and without what only decorates it."""
    if not (text.isascii() and text.isprintable()):
        text = _to_plain(text)
    text = text.strip(" '\"`’“”").strip()
    return re.sub(r"^(?:tel|callto|phone|тел|моб)[.:]*\s*", "", text, flags=re.I)


def _to_plain(text: str) -> str:
    """Turn digits of other scripts into plain ones, pictures and marks into spaces."""
    kept = []
    for char in unicodedata.normalize("NFKC", text):
        if char.isdigit():
            kept.append(str(unicodedata.digit(char)))
        elif unicodedata.category(char) in ("So", "Sk", "Cf", "Cc", "Mn", "Cs"):
            # telephones and other pictures, and marks that nobody sees
            kept.append("\n" if char == "\n" else " ")
        elif unicodedata.category(char) == "Pd":
            kept.append("-")
        else:
            kept.append(char)
    return "".join(kept)


def _split_extension(text: str) -> tuple[str, str | None]:
    match = EXTENSION.search(text)
    # what is left must still be a number
    if match and sum(char.isdigit() for char in text[: match.start()]) >= 5:
        return text[: match.start()].strip(), match.group(1)
    return text, None


def _find_problem(text: str) -> str | None:
    """Say what keeps the text from being one number, before it is parsed."""
    if LETTERS.search(text) and not VANITY.match(text):
        return "letters" if any(char.isdigit() for char in text) else "not_a_number"
    if not any(char.isdigit() for char in text):
        return "not_a_number"
    parts = [
        part
        for part in SEVERAL.split(text)
        if sum(char.isdigit() for char in part) >= 5
    ]
    if len(parts) > 1:
        return "several"
    return None


def _parse(text: str, country_code: str | None, extension: str | None) -> Parsed:
    number = problem = None
    for candidate in _get_candidates(text):
        found, why = _try(candidate, country_code)
        if found:
            number = found
            break
        problem = problem or why
    if number is None:
        return Parsed(None, problem)
    region = phonenumbers.region_code_for_number(number)
    # 001 is a calling code of no country, such as +800
    country = None if region in (None, "001", "ZZ") else region
    kind = phonenumbers.number_type(number)
    return Parsed(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        country=country,
        ambiguous=country is None
        or kind
        in (
            phonenumbers.PhoneNumberType.TOLL_FREE,
            phonenumbers.PhoneNumberType.SHARED_COST,
            phonenumbers.PhoneNumberType.PREMIUM_RATE,
            phonenumbers.PhoneNumberType.UAN,
        ),
        extension=extension or number.extension,
    )


def _get_candidates(text: str):
    """Yield the ways a number may be meant, the likeliest first."""
    digits = re.sub(r"\D", "", text)
    if text.startswith("00"):
        yield f"+{digits[2:]}"
    yield text
    if not text.startswith(("+", "0")) and len(digits) >= 10:
        # people leave the plus out, spreadsheets drop it
        yield f"+{digits}"


def _try(text: str, country_code: str | None):
    """Return the number, or ``None`` and the reason."""
    try:
        number = phonenumbers.parse(text, country_code)
    except NumberParseException as error:
        return None, {
            NumberParseException.INVALID_COUNTRY_CODE: (
                "unknown_prefix" if text.startswith("+") else "no_country"
            ),
            NumberParseException.TOO_SHORT_NSN: "too_short",
            NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
            NumberParseException.TOO_LONG: "too_long",
        }.get(error.error_type, "not_a_number")
    if phonenumbers.is_valid_number(number):
        return number, None
    reason = phonenumbers.is_possible_number_with_reason(number)
    problem = {
        ValidationResult.TOO_SHORT: "too_short",
        ValidationResult.TOO_LONG: "too_long",
        ValidationResult.INVALID_COUNTRY_CODE: "unknown_prefix",
    }.get(reason)
    if problem:
        return None, problem
    if reason == ValidationResult.IS_POSSIBLE and _is_fictional(number):
        return number, None
    return None, "unknown_prefix"


def _is_fictional(number) -> bool:
    """Numbers kept for films and examples (555-01xx) serve in demo data and tests."""
    digits = str(number.national_number)
    return number.country_code == 1 and len(digits) == 10 and digits[3:8] == "55501"
