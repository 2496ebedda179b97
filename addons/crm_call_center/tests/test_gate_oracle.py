"""The decision of the gate against a second one, written in another way.

The oracle knows nothing of how the gate finds things: it turns every moment into wall
clocks with another library and counts; and it finds the next moment by walking.
"""

from datetime import date, datetime, timedelta
from random import Random

import phonenumbers
import pytz

from odoo.tests import BaseCase, tagged

from ..tools import gate
from ..tools.callee_time import find_zones
from ..tools.phone import find_country, normalise

CASES = 100_000
WALKED = 400
MINUTE = timedelta(minutes=1)
#: Numbers of one zone, of many, of none; on both sides of the date line.
NUMBERS = (
    "+359888123456",
    "+35929811234",
    "+18085550101",
    "+12025550101",
    "+13035550101",
    "+74232201234",
    "+79161234567",
    "+18003569377",
    "+80012345678",
    "+4930123456",
    "+33123456789",
    "+442071234567",
    "+61291234567",
    "+6433456789",
    None,
)
#: How often each of them is met.
WEIGHTS = [1 if number in ("+79161234567", "+18003569377") else 6 for number in NUMBERS]
#: Around the days on which clocks are set, and on ordinary ones.
DAYS = (
    datetime(2026, 3, 7),
    datetime(2026, 3, 28),
    datetime(2026, 4, 4),
    datetime(2026, 7, 3),
    datetime(2026, 10, 3),
    datetime(2026, 10, 24),
    datetime(2026, 10, 31),
    datetime(2026, 12, 23),
)
HOURS = (
    ((540, 1200),),
    ((600, 780), (840, 1200)),
    ((480, 1260),),
    ((0, 1440),),
    ((90, 210),),
    ((150, 190), (1320, 1440)),
    (),
)


def wall(at, zone):
    """The clock on the wall, by another library than the gate's."""
    return pytz.utc.localize(at).astimezone(pytz.timezone(zone)).replace(tzinfo=None)


def oracle(facts, rules, at):
    """The codes of all reasons against a call, one after another."""
    zones = list(facts.zones) or [rules.fallback_zone]
    lasting = {
        "no_number": not facts.number,
        "do_not_call": any(end is None or at < end for _, end, _ in facts.blocks),
        "wrong_number": facts.is_wrong,
        "opt_in_missing": rules.needs_opt_in and not facts.has_consent,
        "no_provenance": rules.needs_provenance and not facts.has_provenance,
        "register_too_old": len(rules.stale_registers) > 0,
    }
    codes = {code for code, holds in lasting.items() if holds}
    codes |= oracle_of_hours(rules, zones, at)
    codes |= {limit.code for limit in rules.limits if is_spent(limit, facts, zones, at)}
    last = facts.number_attempts[-1] if facts.number_attempts else None
    if last and (at - last).total_seconds() < 60 * rules.spacing:
        codes.add("spacing")
    if rules.other_daypart and facts.last_no_answer:
        parts = [
            "morning" if c.hour < 12 else "afternoon" if c.hour < 17 else "evening"
            for c in (wall(at, zones[0]), wall(facts.last_no_answer, zones[0]))
        ]
        if parts[0] == parts[1] and at - facts.last_no_answer < timedelta(days=3):
            codes.add("same_daypart")
    if facts.last_refusal and at - facts.last_refusal < timedelta(rules.rest_days):
        codes.add("resting")
    return codes


def oracle_of_hours(rules, zones, at):
    """Whether one clock on one wall shows a time at which nobody is called."""
    closed = holiday = False
    for zone in zones:
        clock = wall(at, zone)
        now = clock.hour * 60 + clock.minute
        for week in rules.weeks:
            spans = week.days[clock.weekday()]
            if clock.date() in week.holidays:
                closed, holiday = True, holiday or len(spans) > 0
            elif not [1 for start, end in spans if now in range(start, end)]:
                closed = True
    if not closed:
        return set()
    return {"holiday" if holiday else "outside_hours"}


def is_spent(limit, facts, zones, at):
    """Whether there were as many attempts as a limit allows."""
    made = facts.number_attempts if limit.of == "number" else facts.contact_attempts
    if limit.days > 1:
        recent = [m for m in made if timedelta(0) <= at - m < timedelta(limit.days)]
        return len(recent) >= limit.maximum
    for zone in zones:
        today = wall(at, zone).date()
        if len([m for m in made if wall(m, zone).date() == today]) >= limit.maximum:
            return True
    return False


@tagged("post_install", "-at_install")
class TestGateOracle(BaseCase):
    def _make_case(self, random):
        # those of dozens of zones are slow to walk, and alike
        number = random.choices(NUMBERS, WEIGHTS)[0]
        zones, source = find_zones(number)
        at = random.choice(DAYS) + timedelta(minutes=random.randrange(3 * 1440))
        attempts = sorted(
            at - timedelta(minutes=random.randrange(1, 45 * 1440))
            if random.random() < 0.5
            else at - timedelta(minutes=random.randrange(1, 3000))
            for _attempt in range(random.choice((0, 0, 1, 2, 3, 6)))
        )
        own = tuple(attempts[:: random.choice((1, 2))])
        facts = gate.Facts(
            number=number,
            zones=zones if random.random() < 0.9 else (),
            zone_source=source,
            blocks=self._make_blocks(random, at),
            is_wrong=random.random() < 0.03,
            number_attempts=own,
            contact_attempts=tuple(attempts),
            last_no_answer=own[-1] if own and random.random() < 0.6 else None,
            last_refusal=random.choice(attempts)
            if attempts and random.random() < 0.15
            else None,
            has_consent=random.random() < 0.8,
            has_provenance=random.random() < 0.9,
        )
        return facts, self._make_rules(random), at

    def _make_blocks(self, random, at):
        """Entries for good, entries that will expire, and some that have expired."""
        ends = (None, at, at + timedelta(minutes=random.randrange(-3000, 9000)))
        return tuple(
            ("do_not_call", random.choice(ends), None)
            for _entry in range(random.choices((0, 1, 2), (85, 12, 3))[0])
        )

    def _make_rules(self, random):
        weeks = tuple(
            gate.Week(
                tuple(
                    random.choice(HOURS) if random.random() < 0.3 else base
                    for base in [random.choice(HOURS[:4])] * 7
                ),
                frozenset(
                    date(2026, random.choice((3, 4, 7, 10, 12)), random.randint(1, 28))
                    for _holiday in range(random.choice((0, 0, 3)))
                ),
            )
            for _week in range(random.choice((0, 1, 1, 2)))
        )
        limits = tuple(
            gate.Limit(f"attempts_{of}_{days}", random.randint(1, 4), days, of)
            for of in ("number", "contact")
            for days in (1, 30)
            if random.random() < 0.3
        )
        return gate.Rules(
            weeks=weeks,
            fallback_zone=random.choice(("Europe/Sofia", "America/New_York")),
            limits=limits,
            spacing=random.choice((0, 0, 15, 60, 1440)),
            other_daypart=random.random() < 0.3,
            rest_days=random.choice((0, 0, 30)),
            needs_opt_in=random.random() < 0.1,
            needs_provenance=random.random() < 0.3,
            stale_registers=("TPS",) if random.random() < 0.02 else (),
        )

    def _assert_same(self, facts, rules, at):
        decision = gate.decide(facts, rules, at)
        codes = {reason.code for reason in decision.reasons}
        expected = oracle(facts, rules, at)
        if "no_common_hour" in codes:
            # what the gate tells apart, and walking cannot see
            codes = codes - {"no_common_hour"} | (
                expected & {"outside_hours", "holiday"}
            )
        self.assertEqual(codes, expected, (facts, rules, at))
        self.assertEqual(decision.allowed, not expected)
        if decision.next_time:
            self.assertGreaterEqual(decision.next_time, at)
            self.assertFalse(
                oracle(facts, rules, decision.next_time), (facts, rules, at)
            )
        return decision

    def test_against_the_oracle(self):
        """Many cases are judged alike; the next moment is one without reasons."""
        random = Random(2026)
        seen = {True: 0, False: 0}
        for _case in range(CASES):
            decision = self._assert_same(*self._make_case(random))
            seen[decision.allowed] += 1
        self.assertGreater(min(seen.values()), CASES / 20, "both answers occur often")

    def test_next_moment_is_the_first(self):
        """Nothing before the next moment would have done: every minute is walked."""
        random = Random(19)
        walked = 0
        while walked < WALKED:
            facts, rules, at = self._make_case(random)
            decision = gate.decide(facts, rules, at)
            if decision.allowed or not decision.next_time:
                continue
            if decision.next_time - at > timedelta(days=2):
                continue
            walked += 1
            moment = at
            while moment < decision.next_time:
                self.assertTrue(
                    oracle(facts, rules, moment), (facts, rules, at, moment)
                )
                moment += 7 * MINUTE if random.random() < 0.9 else MINUTE

    def test_never_means_never(self):
        """Where the gate sees no moment at all, walking for weeks finds none."""
        random = Random(3)
        seen = 0
        while seen < 8:
            facts, rules, at = self._make_case(random)
            decision = gate.decide(facts, rules, at)
            if decision.next_time or not facts.number or facts.blocks:
                continue
            if not {reason.code for reason in decision.reasons} & {"no_common_hour"}:
                continue
            seen += 1
            for hour in range(24 * 8):
                moment = at + timedelta(hours=hour, minutes=random.randrange(60))
                self.assertTrue(oracle(facts, rules, moment))

    def test_clocks_that_are_set(self):
        """In a night in which clocks change, hours are those on the wall."""
        night = gate.Week((((150, 190),),) * 7)
        rules = gate.Rules(weeks=(night,))
        facts = gate.Facts("+35929811234", zones=("Europe/Sofia",))
        # 29 March 2026: 3:00 becomes 4:00; 2:30 to 3:10 lasts until 3:00 only
        for at, allowed in (
            (datetime(2026, 3, 29, 0, 29), False),
            (datetime(2026, 3, 29, 0, 30), True),
            (datetime(2026, 3, 29, 0, 59), True),
            (datetime(2026, 3, 29, 1, 0), False),
        ):
            self.assertEqual(gate.decide(facts, rules, at).allowed, allowed, at)
        # 25 October 2026: 4:00 becomes 3:00; from 3:00 to 3:10 comes twice
        for at, allowed in (
            (datetime(2026, 10, 25, 0, 9), True),
            (datetime(2026, 10, 25, 0, 10), False),
            (datetime(2026, 10, 25, 1, 0), True),
            (datetime(2026, 10, 25, 1, 10), False),
        ):
            self.assertEqual(gate.decide(facts, rules, at).allowed, allowed, at)
        decision = gate.decide(facts, rules, datetime(2026, 10, 25, 0, 10))
        self.assertEqual(decision.next_time, datetime(2026, 10, 25, 1, 0))

    def test_honolulu_sofia_vladivostok(self):
        """One moment is three hours of the day, and three answers."""
        week = gate.Week((((540, 1200),),) * 7)
        at = datetime(2026, 11, 18, 8, 0)
        for number, zone, allowed in (
            ("+18085550101", "Pacific/Honolulu", False),
            ("+35929811234", "Europe/Sofia", True),
            ("+74232201234", "Asia/Vladivostok", True),
        ):
            zones, source = find_zones(number)
            self.assertEqual((zones, source), ((zone,), "prefix"))
            decision = gate.decide(
                gate.Facts(number, zones, source), gate.Rules((week,)), at
            )
            self.assertEqual(decision.allowed, allowed, number)
            self.assertFalse(decision.flagged)

    def test_numbers_of_many_zones(self):
        """A Russian mobile is called when it is day in all its zones; 800 never is."""
        week = gate.Week((((540, 1260),),) * 7)
        zones, source = find_zones("+79161234567")
        self.assertGreater(len(zones), 10)
        facts = gate.Facts("+79161234567", zones, source)
        decision = gate.decide(facts, gate.Rules((week,)), datetime(2026, 11, 18))
        self.assertTrue(decision.flagged)
        for zone in zones:
            clock = wall(decision.next_time, zone)
            self.assertTrue(9 <= clock.hour < 21, zone)
        office = gate.Week((((540, 1080),),) * 7)
        zones, source = find_zones("+18003569377")
        facts = gate.Facts("+18003569377", zones, source)
        decision = gate.decide(facts, gate.Rules((office,)), datetime(2026, 11, 18))
        self.assertEqual([r.code for r in decision.reasons], ["no_common_hour"])
        self.assertTrue(decision.is_final)

    def test_example_numbers_of_every_country(self):
        """Each is read from three forms, has zones that exist, and gets an answer."""
        week = gate.Week((((540, 1200),),) * 7)
        read = 0
        for region in phonenumbers.SUPPORTED_REGIONS:
            example = phonenumbers.example_number(region)
            if not example:
                continue
            e164 = phonenumbers.format_number(
                example, phonenumbers.PhoneNumberFormat.E164
            )
            for style, country in (
                (phonenumbers.PhoneNumberFormat.INTERNATIONAL, None),
                (phonenumbers.PhoneNumberFormat.NATIONAL, region),
                (phonenumbers.PhoneNumberFormat.RFC3966, None),
            ):
                text = phonenumbers.format_number(example, style)
                with self.subTest(region=region, text=text):
                    self.assertEqual(normalise(text, country).e164, e164)
            self.assertEqual(find_country(e164), normalise(e164).country)
            zones, source = find_zones(e164)
            decision = gate.decide(
                gate.Facts(e164, zones, source),
                gate.Rules((week,)),
                datetime(2026, 11, 18, 12),
            )
            self.assertTrue(decision.allowed or decision.reasons)
            read += 1
        self.assertGreater(read, 230)
