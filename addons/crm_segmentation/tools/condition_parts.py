"""Conditions of a segment taken apart: groups and single conditions, numbered."""

from dataclasses import dataclass, field

from odoo.fields import Domain


@dataclass(eq=False)
class Part:
    """A part of what decides who is a member.

    :param str kind: ``all``, ``any`` (of the children), ``not`` (the only child),
        ``leaf`` (one condition) or ``segment`` (to be in another segment)
    :param Domain domain: what the part says
    :param str text: a condition as a sentence
    :param str path: the field that a condition looks at
    :param int segment_id: the other segment
    :param int number: of a single condition; the first is 1
    :param bool ok: whether the record that is looked at is in the domain
    """

    kind: str
    domain: Domain
    text: str = ""
    path: str = ""
    segment_id: int = 0
    children: list = field(default_factory=list)
    number: int = 0
    ok: bool = False

    def walk(self):
        """Yield the part and all its parts."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self):
        """Return the single conditions, in reading order."""
        return [part for part in self.walk() if not part.children]

    def find_culprits(self, wanted=True):
        """Return the single conditions because of which the part does not hold.

        :param bool wanted: whether it should hold; not so below a ``not``
        """
        if self.ok == wanted:
            return []
        if not self.children:
            return [self]
        below = wanted != (self.kind == "not")
        return [leaf for child in self.children for leaf in child.find_culprits(below)]


def from_node(node):
    """Return the part that is like a node of the engine's tree."""
    children = [from_node(child) for child in node.children]
    return Part(node.kind, node.domain, node.text, node.path, children=children)


def join(*parts):
    """Return a part that holds where all of ``parts`` hold, without needless levels."""
    children = []
    for part in parts:
        children += part.children if part.kind == "all" else [part]
    if len(children) == 1:
        return children[0]
    return Part("all", Domain.AND([p.domain for p in children]), children=children)


def number(root):
    """Number the single conditions of a whole; return it."""
    for count, leaf in enumerate(root.leaves(), 1):
        leaf.number = count
    return root
