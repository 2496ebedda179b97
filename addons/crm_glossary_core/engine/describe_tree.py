"""A domain taken apart: its groups and its conditions, each as a sentence.

``describe`` says what a domain means; this says the same part by part, so that each
part can be tried out on its own.
"""

from dataclasses import dataclass

from odoo.fields import Domain

from .describe import _parse, _Sentence, describe

#: Larger domains are not taken apart: nobody reads so many lines.
MAX_NODES = 80
MAX_LEVELS = 12
_KINDS = {"&": "all", "|": "any", "!": "not"}


@dataclass(frozen=True)
class Node:
    """A part of a domain.

    :param str kind: ``all``, ``any`` (of the children), ``not`` (the only child) or
        ``leaf``
    :param Domain domain: what the part says
    :param str text: a leaf as a sentence
    :param str path: the field that a leaf looks at, such as ``partner_id.country_id``
    :param tuple children: parts of a group
    """

    kind: str
    domain: Domain
    text: str = ""
    path: str = ""
    children: tuple = ()

    def walk(self):
        """Yield the part and all its parts."""
        yield self
        for child in self.children:
            yield from child.walk()


def describe_tree(env, model_name, domain):
    """Take a domain apart, as the user of ``env`` may read it.

    :param env: environment of the reader
    :param str model_name: model of the domain
    :param Domain domain: what :func:`.parser.parse` returned
    :return: the :class:`Node` of the whole; a domain that has too many parts is one
        leaf
    """
    reader = env(su=False)
    tree = _parse(domain)
    if _measure(tree) > MAX_NODES or _levels(tree) > MAX_LEVELS:
        return Node("leaf", domain, describe(env, model_name, domain))
    return _build(_Sentence(reader, model_name, limit=5), tree)


def _build(sentence, tree):
    kind, content = tree
    if kind == "leaf":
        is_domain = isinstance(content, Domain)
        domain = content if is_domain else Domain([tuple(content)])
        path = "" if is_domain or not isinstance(content[0], str) else content[0]
        return Node("leaf", domain, sentence.spell(tree), path)
    if kind == "!":
        child = _build(sentence, content)
        return Node("not", ~child.domain, children=(child,))
    children = tuple(_build(sentence, child) for child in content)
    join = Domain.AND if kind == "&" else Domain.OR
    domain = join([child.domain for child in children])
    return Node(_KINDS[kind], domain, children=children)


def _inner(tree):
    kind, content = tree
    if kind == "leaf":
        return ()
    return (content,) if kind == "!" else content


def _measure(tree):
    return 1 + sum(map(_measure, _inner(tree)))


def _levels(tree):
    return 1 + max(map(_levels, _inner(tree)), default=0)
