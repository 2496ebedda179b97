"""Set algebra over named groups: ``key_accounts and (b2b or partners)``.

``and``, ``or`` and ``not`` (also ``&``, ``|``, ``!``), brackets, and ``but not`` or
``-`` for a difference. ``not`` binds closest, then ``and``, then ``or``. The words
exist in Bulgarian and Russian too. Pure: names are only names here.
"""

import re
from typing import NamedTuple

#: Characters of an expression, and levels of brackets: far above what a person writes.
LONGEST, DEEPEST = 10_000, 60
_TOKEN = re.compile(r"\s*(?:(?P<word>[^\W\d]\w*)|(?P<sign>[()&|!-]))")
_WORDS = {
    "and": "and", "и": "and",
    "or": "or", "или": "or",
    "not": "not", "не": "not",
    "but": "but", "но": "but",
}  # fmt: skip
#: Words that no name may be.
RESERVED = frozenset(_WORDS)
_SIGNS = {"&": "and", "|": "or", "!": "not", "-": "minus", "(": "(", ")": ")"}


class ExpressionError(ValueError):
    """An expression that cannot be read.

    :param str code: ``empty``, ``long``, ``deep``, ``sign``, ``name``, ``operator``,
        ``open`` (a bracket without its end) or ``close`` (an end without its bracket)
    :param int position: of the offending character; the first is 1
    :param str text: what stands there
    """

    def __init__(self, code, position=1, text=""):
        super().__init__(f"{code} at {position}: {text}")
        self.code = code
        self.position = position
        self.text = text


class Token(NamedTuple):
    """A part of the text: its kind (``name``, an operator or a bracket) and place."""

    kind: str
    text: str
    start: int


class Node(NamedTuple):
    """A part of an expression.

    :param str kind: ``name``, ``not``, ``and`` or ``or``
    :param str name: of a ``name``, in lower case
    :param tuple children: parts of the others
    :param int position: where the name stands; the first character is 1
    """

    kind: str
    name: str = ""
    children: tuple = ()
    position: int = 0

    def names(self):
        """Yield ``(name, position)`` of all names."""
        if self.kind == "name":
            yield self.name, self.position
        for child in self.children:
            yield from child.names()

    def evaluate(self, sets, universe):
        """Return the set that the expression stands for.

        :param dict sets: a set for each name
        :param set universe: everything, for ``not``
        """
        if self.kind == "name":
            return set(sets[self.name])
        parts = [child.evaluate(sets, universe) for child in self.children]
        if self.kind == "not":
            return universe - parts[0]
        return set.intersection(*parts) if self.kind == "and" else set.union(*parts)

    def to_domain(self, leaf):
        """Return a domain as a list; ``leaf(name)`` gives the condition of a name."""
        if self.kind == "name":
            return [leaf(self.name)]
        if self.kind == "not":
            return ["!", *self.children[0].to_domain(leaf)]
        sign = "&" if self.kind == "and" else "|"
        parts = [part for child in self.children for part in child.to_domain(leaf)]
        return [sign] * (len(self.children) - 1) + parts


def tokenize(text):
    """Return the :class:`Token` list of a text.

    :raise ExpressionError: a character means nothing
    """
    if len(text) > LONGEST:
        raise ExpressionError("long")
    tokens, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if not match:
            blank = len(text[position:]) - len(text[position:].lstrip())
            start = position + blank
            raise ExpressionError("sign", start + 1, text[start])
        word, sign = match["word"], match["sign"]
        start = match.start("word" if word else "sign")
        kind = _WORDS.get(word.lower(), "name") if word else _SIGNS[sign]
        tokens.append(Token(kind, word or sign, start))
        position = match.end()
    return tokens


def parse(text):
    """Return the :class:`Node` of an expression.

    :raise ExpressionError: it cannot be read; says where and why
    """
    tokens = tokenize(text or "")
    if not tokens:
        raise ExpressionError("empty")
    return _Parser(text, tokens).parse()


def rename(text, old, new):
    """Return the text with a name replaced; all else stays as it was written."""
    parts, end = [], 0
    for token in tokenize(text):
        if token.kind == "name" and token.text.lower() == old:
            parts += [text[end : token.start], new]
            end = token.start + len(token.text)
    return "".join([*parts, text[end:]])


class _Parser:
    def __init__(self, text, tokens):
        self.text = text
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def parse(self):
        node = self._read_or()
        if token := self._peek():
            code = "close" if token.kind == ")" else "operator"
            raise self._error(code, token)
        return node

    def _read_or(self):
        parts = [self._read_and()]
        while self._take("or"):
            parts.append(self._read_and())
        return parts[0] if len(parts) == 1 else Node("or", children=tuple(parts))

    def _read_and(self):
        parts = [self._read_not()]
        while True:
            if self._take("minus"):
                parts.append(Node("not", children=(self._read_not(),)))
            elif self._take("but"):
                token = self._peek()
                if not token or token.kind != "not":
                    raise self._error("operator", token)
                parts.append(self._read_not())
            elif self._take("and"):
                parts.append(self._read_not())
            else:
                break
        return parts[0] if len(parts) == 1 else Node("and", children=tuple(parts))

    def _read_not(self):
        token = self._peek()
        if not token:
            raise self._error("name", None)
        if self._take("not"):
            return self._nested(
                token, lambda: Node("not", children=(self._read_not(),))
            )
        if self._take("("):
            return self._nested(token, lambda: self._read_brackets(token))
        if not self._take("name"):
            raise self._error("name", token)
        return Node("name", token.text.lower(), position=token.start + 1)

    def _read_brackets(self, opening):
        node = self._read_or()
        if not self._take(")"):
            token = self._peek()
            raise (
                self._error("operator", token)
                if token
                else self._error("open", opening)
            )
        return node

    def _nested(self, token, read):
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error("deep", token)
        node = read()
        self.depth -= 1
        return node

    def _peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _take(self, kind):
        token = self._peek()
        if not token or token.kind != kind:
            return False
        self.place += 1
        return True

    def _error(self, code, token):
        if token is None:
            return ExpressionError(code, len(self.text.rstrip()) + 1)
        return ExpressionError(code, token.start + 1, token.text)
