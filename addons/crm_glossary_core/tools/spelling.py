"""Words that are nearly the same: a letter too many, too few, wrong or swapped."""

import re

WORD = re.compile(r"\w+")


def split(phrase):
    """Return the words of a phrase in small letters.

    >>> split("Win-Rate (%)")
    ['win', 'rate']
    """
    return WORD.findall((phrase or "").casefold())


def tolerance(length):
    """Return how many slips a word of this length may have.

    >>> [tolerance(length) for length in (3, 4, 6, 7)]
    [0, 1, 1, 2]
    """
    if length < 4:
        return 0
    return 1 if length < 7 else 2


def distance(one, other, limit):
    """Return the number of slips between two words; ``limit + 1`` if there are more.

    A slip is a letter added, left out, replaced, or swapped with its neighbour.

    >>> distance("rate", "rte", 2), distance("lead", "laed", 2), distance("a", "xyz", 1)
    (1, 1, 2)
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        previous, before = before, row
        row = [i]
        for j, target in enumerate(other, 1):
            cost = min(
                before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target)
            )
            if i > 1 < j and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def slips(query, word):
    """Return how many slips make ``query`` the word or its beginning; None: too many.

    >>> slips("rte", "rate"), slips("oportun", "opportunity"), slips("win", "won")
    (1, 1, None)
    """
    limit = tolerance(max(len(query), len(word)))
    found = distance(query, word, limit)
    if found > limit and len(word) > len(query) >= 5:
        limit = tolerance(len(query))
        found = min(
            distance(query, word[: len(query) + extra], limit) for extra in (0, 1)
        )
    return found if found <= limit else None


class Speller:
    """Compares one query with many phrases; each word is looked at once.

    >>> speller = Speller("win rte")
    >>> speller.slips("Win Rate"), speller.slips("Rate of Exchange")
    (1, None)
    >>> Speller("winrate").slips("Win Rate")
    0
    """

    def __init__(self, query):
        self.words = split(query)
        self.joined = "".join(self.words)
        self.known = {}

    def slips(self, phrase):
        """Return how many slips there are between query and phrase; None: too many.

        Each word of the query must be nearly a word of the phrase, in any order; or
        the whole query the whole phrase, written as one word with a slip at most.
        """
        if not self.words:
            return None
        words = split(phrase)
        found = [self._nearest(query, words) for query in self.words]
        if None not in found:
            return sum(found)
        limit = min(1, tolerance(len(self.joined)))
        total = distance(self.joined, "".join(words), limit)
        return total if total <= limit else None

    def _nearest(self, query, words):
        """Return the slips to the nearest of some words; None: none is near."""
        found = [self._slips(query, word) for word in words]
        return min((number for number in found if number is not None), default=None)

    def _slips(self, query, word):
        key = (query, word)
        if key not in self.known:
            self.known[key] = slips(query, word)
        return self.known[key]
