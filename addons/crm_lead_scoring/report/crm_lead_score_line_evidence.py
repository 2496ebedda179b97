from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from odoo.addons.crm_glossary_core import engine

from ..tools.field_values import shown_value

#: Events that a line names; the others are counted.
SHOWN_EVENTS = 3
#: Fields whose values a line tells.
SHOWN_FIELDS = 3


class CrmLeadScoreLine(models.Model):
    """The evidence for a line: looked up in the ledger when somebody reads it."""

    _inherit = "crm.lead.score.line"

    # === FIELDS === #

    kind = fields.Selection(related="rule_id.kind")
    evidence = fields.Char(compute="_compute_evidence")

    # === COMPUTE METHODS === #

    @api.depends("rule_id", "lead_id", "points")
    @api.depends_context("lang", "tz", "uid")
    def _compute_evidence(self):
        by_line = self._get_events()
        for line in self:
            if line not in by_line:
                line.evidence = line._describe_values()
                continue
            count, events = by_line[line]
            sentences = [line._describe_event(*event) for event in events]
            if count > len(sentences):
                sentences.append(
                    self.env._("and %s more before that", count - len(sentences))
                )
            line.evidence = "; ".join(sentences)

    # === BUSINESS METHODS === #

    def _get_events(self):
        """Return the events behind lines on events, the latest first.

        :return: dict ``{line: (number of events, [(event, points left), ...])}``
        """
        lines = self.sudo().filtered(lambda line: line.rule_id.kind == "event")
        found = {}
        for rule, own in lines.grouped("rule_id").items():
            evidence = engine.event_evidence(
                self.env, rule._to_criteria(), own.lead_id.ids, limit=SHOWN_EVENTS
            )
            for line in own:
                count, events = evidence.get((line.lead_id.id, rule.id), (0, []))
                found[line.with_env(self.env)] = (
                    count,
                    [
                        (self.env["crm.lead.score.event"].sudo().browse(event), points)
                        for event, points in events
                    ],
                )
        return found

    def _describe_values(self):
        """Say what the lead has in the fields that a rule on field values looks at."""
        rule, lead = self.rule_id.sudo(), self.lead_id
        if not rule or not lead:
            return False
        criterion = rule._prepare_criterion()
        names = sorted(engine.touched_fields(self.env, criterion))[:SHOWN_FIELDS]
        return "; ".join(
            self.env._(
                "%(field)s: %(value)s",
                field=field.get_description(self.env, ["string"])["string"],
                value=shown_value(lead.sudo(), field),
            )
            for name in names
            if (field := lead._fields.get(name)) is not None
            and lead.sudo(False)._has_field_access(field, "read")
        )

    def _describe_event(self, event, points):
        """Say what happened when, what it gives, and until when."""
        name = event.signal_id.with_env(self.env).sudo().name
        if event.value:
            name = self.env._("%(signal)s “%(value)s”", signal=name, value=event.value)
        sentence = self.env._(
            "%(event)s %(when)s, %(points)s",
            event=name,
            when=self._describe_day(event.date),
            points=_signed(self.env, points),
        )
        rest = self._describe_rest(event)
        return f"{sentence}, {rest}" if rest else sentence

    def _describe_day(self, date):
        days = (fields.Datetime.now().date() - date.date()).days
        if days <= 0:
            return self.env._("today")
        if days == 1:
            return self.env._("yesterday")
        if days <= 60:
            return self.env._("%s days ago", days)
        return self.env._("on %s", format_date(self.env, date.date()))

    def _describe_rest(self, event):
        """Until when an event counts, or when half of what it gives now is left."""
        rule, day = self.rule_id.sudo(), event.date.date()
        today = fields.Datetime.now().date()
        if rule.decay == "linear":
            end = day + timedelta(days=2 * rule.half_life_days)
        elif rule.decay == "half_life":
            half = format_date(self.env, today + timedelta(days=rule.half_life_days))
            return self.env._("half of it left on %s", half)
        else:
            end = None
        if rule.window_days:
            last = day + timedelta(days=rule.window_days + 1)
            end = min(end, last) if end else last
        return end and self.env._("gone on %s", format_date(self.env, end))


def _signed(env, points):
    """Points with a sign and at most one decimal, as the reader writes them."""
    rounded = round(points, 1)
    digits = 0 if rounded == int(rounded) else 1
    sign = "-" if rounded < 0 else "+"
    return sign + formatLang(env, abs(rounded), digits=digits)
