"""What time it may be where a number rings."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytz
from phonenumbers import timezone as phone_timezone

from .phone import parse_e164

#: The zones of the states of countries that have several: those of all its places.
STATE_ZONES = {
    "US": {
        "America/New_York": "CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV",
        "America/Chicago": "AL AR IL IA LA MN MS MO OK WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Los_Angeles": "CA WA",
        "Pacific/Honolulu": "HI",
        "America/New_York America/Chicago": "FL IN KY MI TN",
        "America/Chicago America/Denver": "KS NE ND SD TX",
        "America/Denver America/Phoenix": "AZ",
        "America/Denver America/Los_Angeles": "ID NV OR",
        "America/Adak America/Anchorage": "AK",
    },
    "CA": {
        "America/Halifax": "NS PE",
        "America/Moncton": "NB",
        "America/Winnipeg": "MB",
        "America/Edmonton": "AB NT",
        "America/Regina": "SK",
        "America/Whitehorse": "YT",
        "America/Toronto America/Winnipeg": "ON",
        "America/Halifax America/Toronto": "QC",
        "America/Edmonton America/Vancouver": "BC",
        "America/Halifax America/St_Johns": "NL",
        "America/Edmonton America/Toronto America/Winnipeg": "NU",
    },
    "AU": {
        "Australia/Sydney": "ACT",
        "Australia/Adelaide Australia/Sydney": "NSW",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Darwin": "NT",
        "Australia/Hobart": "TAS",
        "Australia/Perth": "WA",
    },
    "BR": {
        "America/Sao_Paulo": "DF ES GO MG PR RJ RS SC SP",
        "America/Rio_Branco": "AC",
        "America/Maceio": "AL SE",
        "America/Belem": "AP PA",
        "America/Bahia": "BA",
        "America/Fortaleza": "CE MA PB PI RN",
        "America/Cuiaba": "MT",
        "America/Campo_Grande": "MS",
        "America/Porto_Velho": "RO",
        "America/Boa_Vista": "RR",
        "America/Araguaina": "TO",
        "America/Manaus America/Rio_Branco": "AM",
        "America/Noronha America/Recife": "PE",
    },
    "RU": {
        "Europe/Kaliningrad": "KGD",
        "Europe/Moscow": "AD ARK BEL BRY CE CU DA IN IVA KB KC KDA KIR KL KLU KO KOS KR"
        " KRS LEN LIP ME MO MOS MOW MUR NGR NIZ ORL PNZ PSK ROS RYA SE SMO SPE STA TA"
        " TAM TUL TVE VGG VLA VLG VOR YAR",
        "Europe/Samara": "AST SAM SAR UD ULY",
        "Asia/Yekaterinburg": "BA CHE KGN KHM ORE PER SVE TYU YAN",
        "Asia/Omsk": "OMS",
        "Asia/Novosibirsk": "AL ALT KEM NVS TOM",
        "Asia/Krasnoyarsk": "KK KYA TY",
        "Asia/Irkutsk": "BU IRK",
        "Asia/Yakutsk": "AMU ZAB",
        "Asia/Vladivostok": "KHA PRI YEV",
        "Asia/Magadan": "MAG SAK",
        "Asia/Kamchatka": "CHU KAM",
        "Asia/Magadan Asia/Vladivostok Asia/Yakutsk": "SA",
    },
}
#: Zones that ``phonenumbers`` uses for "nobody knows".
UNKNOWN = {"Etc/Unknown"}


def find_zones(
    e164: str | None,
    contact_tz: str | None = None,
    country_code: str | None = None,
    state_code: str | None = None,
) -> tuple[tuple[str, ...], str]:
    """Return the time zones in which the callee may be, and what they were told by.

    The chain: the contact's own zone, its address, the prefix of its number. An address
    counts when its state is known or its country has one zone; otherwise a country of
    several zones narrows down those of the prefix.

    :param e164: the number in the international form
    :param contact_tz: name of the zone that somebody chose for the contact
    :param country_code: ISO code of the country of the address
    :param state_code: code of the state of the address, within the country
    :return: names of zones (several: any of them is possible; none: nothing is known)
        and the source: ``contact``, ``address``, ``prefix`` or ``unknown``
    """
    return _find_zones(
        e164 or None, contact_tz or None, country_code or None, state_code or None
    )


@lru_cache(maxsize=65536)
def _find_zones(e164, contact_tz, country_code, state_code):
    if contact_tz and is_zone(contact_tz):
        return (contact_tz,), "contact"
    if zones := _get_zones_of_address(country_code, state_code):
        return zones, "address"
    of_country = _get_zones_of_country(country_code)
    if zones := _get_zones_of_prefix(e164):
        # Russia and Kazakhstan share a calling code, as do the countries of +1.
        return tuple(zone for zone in zones if zone in of_country) or zones, "prefix"
    return (of_country, "address") if of_country else ((), "unknown")


@lru_cache(maxsize=1)
def _get_known_zones():
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether this machine knows a time zone of that name."""
    if name not in _get_known_zones():
        return False
    try:
        ZoneInfo(name)
    except (ValueError, OSError):
        return False
    return True


def _get_zones_of_country(country_code):
    zones = pytz.country_timezones.get((country_code or "").upper(), ())
    return tuple(zone for zone in zones if is_zone(zone))


def _get_zones_of_address(country_code, state_code):
    """Return the zones of an address, none where only a large country is known."""
    zones = _get_zones_of_country(country_code)
    if len(zones) == 1:
        return zones
    states = STATE_ZONES.get((country_code or "").upper(), {})
    for names, codes in states.items():
        if (state_code or "").upper() in codes.split():
            return tuple(zone for zone in names.split() if is_zone(zone))
    return ()


def _get_zones_of_prefix(e164):
    """Return all zones of the area that the number belongs to.

    A number of no place, such as a toll-free one, has the zones of the whole calling
    code; a mobile number of a country, all zones of that country.
    """
    number = parse_e164(e164) if e164 else None
    if number is None:
        return ()
    zones = phone_timezone.time_zones_for_number(number)
    return tuple(
        sorted(zone for zone in zones if zone not in UNKNOWN and is_zone(zone))
    )
