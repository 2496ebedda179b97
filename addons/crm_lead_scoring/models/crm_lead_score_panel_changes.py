from datetime import datetime, time, timedelta

from odoo import api, models


class CrmLeadScore(models.Model):
    """What is different about a score since yesterday, and why."""

    _inherit = "crm.lead.score"

    # === BUSINESS METHODS === #

    @api.model
    def _describe_changes(self, lead, model, lines, events):
        """Compare the score of a lead with that of the end of yesterday (UTC).

        Events and the days on which rules are in force are known for yesterday. The
        fields of the lead are not, apart from those whose changes Odoo tracks: these
        are named, without points.

        :return: dict with ``before`` (the total, ``False`` if unknown), ``lines``
            (``rule_id``, ``rule``, ``before``, ``after``, ``reason``), ``fields``
            (sentences on tracked changes), ``summary`` and ``note`` (sentences)
        """
        answer = {"before": False, "lines": [], "fields": [], "note": ""}
        today = self.env["crm.lead.score.model"]._get_today()
        midnight = datetime.combine(today, time.min)
        if not model:
            return {**answer, "summary": ""}
        if lead.create_date >= midnight:
            summary = self.env._("This lead came in today: all of it is new.")
            return {**answer, "summary": summary}
        if model.create_date >= midnight:
            summary = self.env._(
                "The scoring model is from today: there is nothing to compare with."
            )
            return {**answer, "summary": summary}
        yesterday = today - timedelta(days=1)
        before = self.sudo()._compute_at(lead.ids, yesterday)[lead.id]
        answer["lines"] = self._compare_lines(before, lines, events, midnight)
        answer["fields"] = self._describe_tracked(lead, model, midnight)
        answer["note"] = self._word_what_is_unknown(model, before, lines, midnight)
        answer["before"] = lead.sudo().lead_score - sum(
            line["after"] - line["before"] for line in answer["lines"]
        )
        answer["summary"] = self._word_changes(
            answer["before"], lead.sudo().lead_score, answer
        )
        return answer

    def _compare_lines(self, before, lines, events, midnight):
        """Return what came, went or changed, the greatest difference first."""
        rules = self.env["crm.lead.score.rule"].sudo()
        given = {
            key: points
            for key, points in before["lines"]
            # A rule from today gave nothing yesterday.
            if rules.browse(key).create_date < midnight
        }
        by_rule = {line.rule_id.id: line for line in lines if line.rule_id}
        changed = []
        for rule in rules.browse(given.keys() | by_rule.keys()):
            line = by_rule.get(rule.id)
            then, now = given.get(rule.id, 0), line.points if line else 0
            # A rule that was archived just now goes with the next refresh.
            if then != now and rule.active:
                changed.append(
                    {
                        "rule_id": rule.id,
                        "rule": rule.with_env(self.env).sudo().name,
                        "before": then,
                        "after": now,
                        "reason": self._word_reason(rule, line, events, midnight),
                    }
                )
        return sorted(
            changed,
            key=lambda item: (-abs(item["after"] - item["before"]), item["rule"]),
        )

    def _word_reason(self, rule, line, events, midnight):
        """Why a rule gives something else than yesterday."""
        today = midnight.date()
        if rule.create_date >= midnight:
            return self.env._("The rule is new.")
        if rule.valid_from == today:
            return self.env._("The rule is valid from today on.")
        if rule.valid_to and rule.valid_to < today:
            return self.env._("The rule was valid until yesterday.")
        if rule.kind != "event":
            return ""
        _count, found = events.get(line, (0, [])) if line else (0, [])
        new = [
            line._describe_event(event, points)
            for event, points in found
            if event.date >= midnight
        ]
        if new:
            return "; ".join(new)
        return self.env._("What happened is a day older and counts for less.")

    def _describe_tracked(self, lead, model, midnight):
        """Say which values, that rules look at, were changed since yesterday."""
        values = self.env["mail.tracking.value"].sudo()
        domain = [
            ("mail_message_id.model", "=", "crm.lead"),
            ("mail_message_id.res_id", "=", lead.id),
            ("create_date", ">=", midnight),
        ]
        names = {}
        for name in values.search(domain, order="id").field_id.mapped("name"):
            field = lead._fields.get(name)
            if field is not None and lead._has_field_access(field, "read"):
                names[name] = field
        touched = self.env["crm.lead.score.rule"]._get_touched_by_rule()
        rules = model._find_rules_in_force()
        sentences = []
        for name, field in names.items():
            own = rules.browse(
                [rule for rule, _signal, seen in touched if name in seen]
            )
            if own := own & rules:
                sentences.append(
                    self.env._(
                        "%(field)s was changed; it counts for: %(rules)s.",
                        field=field.get_description(self.env, ["string"])["string"],
                        rules=", ".join(own.with_env(self.env).sudo().mapped("name")),
                    )
                )
        return sentences

    def _word_what_is_unknown(self, model, before, lines, midnight):
        """Say what the comparison cannot know."""
        keys = {key for key, _points in before["lines"]} | set(lines.rule_id.ids)
        rules = self.env["crm.lead.score.rule"].sudo().browse(keys)
        edited = rules.filtered(lambda r: r.write_date >= midnight > r.create_date)
        sentences = []
        if "attribute" in model._find_rules_in_force().mapped("kind"):
            sentences.append(
                self.env._(
                    "Rules on field values are compared with the values of today:"
                    " yesterday's are not kept."
                )
            )
        if edited:
            sentences.append(
                self.env._(
                    "Changed since yesterday, so that nobody knows what they gave"
                    " before: %(rules)s.",
                    rules=", ".join(edited.with_env(self.env).sudo().mapped("name")),
                )
            )
        return " ".join(sentences)

    def _word_changes(self, before, after, answer):
        if before != after:
            return self.env._(
                "%(before)s points yesterday, %(after)s now.",
                before=before,
                after=after,
            )
        if answer["lines"]:
            return self.env._("The total is the same; what it is made of is not.")
        if answer["fields"]:
            return self.env._("No points changed since yesterday.")
        return self.env._("Nothing changed since yesterday.")
