"""Values of conditions as people read them: names, labels, numbers, dates.

Names of records are read with the reader's own rights: a description must not tell
what the reader may not see.
"""

from datetime import date

from odoo.exceptions import AccessError, MissingError
from odoo.tools import formatLang

from .describe_dates import DateTexts

_TEXT_LENGTH = 80
_MAX_ID = 2**31 - 1


class ValueTexts:
    """Writes values for one reader.

    :param env: environment of the reader, without superuser rights
    :param dict phrases: see ``describe_phrases.get_phrases``
    :param int limit: how many values of a list are written out
    """

    def __init__(self, env, phrases, limit):
        self.env = env
        self.phrases = phrases
        self.limit = limit
        self.dates = DateTexts(env, phrases)

    def write_list(self, field, values):
        """Return several values: "A, B and 7 more".

        :param dict field: see ``FieldTexts.resolve`` in ``describe``
        :param list values: no False among them (that is "not set")
        :return: str
        """
        if not values:
            return self.phrases["nothing"]
        shown = values[: self.limit]
        names = self._get_names(field, shown)
        text = ", ".join(
            names[value] if value in names else self.spell(field, value)
            for value in shown
        )
        if rest := len(values) - len(shown):
            text = self.phrases["more"] % {
                "values": text,
                "count": self._write_number(rest),
            }
        return text

    def spell(self, field, value):
        """Return one value as text; a value of a wrong type as it is, quoted."""
        if isinstance(value, bool):
            return self.phrases["true value" if value else "false value"]
        if names := self._get_names(field, [value]):
            return names[value]
        if field["type"] == "selection":
            labels = dict(field["selection"] or [])
            return str(labels[value]) if value in labels else self._quote(value)
        if field["type"] in ("date", "datetime") and isinstance(value, str | date):
            try:
                return self.dates.spell(value)
            except ValueError:
                return self._quote(value)
        if isinstance(value, int | float):
            part = field.get("part")
            return (part and self.dates.write_part(part, value)) or (
                str(value) if part else self._write_number(value)
            )
        if isinstance(value, str):
            return self._quote(value)
        return self.phrases["computed value"]

    def _get_names(self, field, values):
        """Return names of the records that the values are ids of.

        :return: dict of id -> name; empty when the field does not hold ids
        """
        if not field.get("relation"):
            return {}
        ids = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
        model = self.env[field["relation"]].with_context(active_test=False)
        if not ids or model._abstract:
            return {}
        names = dict.fromkeys(ids, self.phrases["deleted"])
        existing = model.browse(i for i in ids if 0 < i <= _MAX_ID).exists()
        names.update(dict.fromkeys(existing.ids, self.phrases["hidden"]))
        for record in existing._filtered_access("read"):
            try:
                names[record.id] = record.display_name or self.phrases["empty"]
            except (AccessError, MissingError):
                continue
        return names

    def _quote(self, value):
        """Return text in the quotation marks of the language, shortened."""
        text = " ".join(str(value).split())
        if len(text) > _TEXT_LENGTH:
            text = text[:_TEXT_LENGTH] + "…"
        return self.phrases["quoted"] % {"text": text}

    def _write_number(self, value):
        """Return a number with the separators of the language, no idle zeros."""
        if isinstance(value, int):
            return formatLang(self.env, value, digits=0)
        decimals = f"{value:.6f}".rstrip("0").partition(".")[2]
        return formatLang(self.env, value, digits=len(decimals))
