from odoo import api, models
from odoo.exceptions import MissingError

from ..tools.rpc_values import read_id

AXES = ("fit", "engagement")
#: The scale of a gauge ends at so many times the highest threshold, unless the lead
#: lies beyond it: with the ends that the rules allow, the thresholds would be crowded.
SCALE_FACTOR = 2


class CrmLeadScore(models.Model):
    """What the form of the lead shows of its score, in one piece."""

    _inherit = "crm.lead.score"

    # === BUSINESS METHODS === #

    @api.model
    def get_panel(self, lead_id):
        """Say all that the Score page of a lead shows, in the user's language.

        :param int lead_id: the lead
        :return: dict with

            * ``total``, ``grade`` and ``model`` (``False`` if there is none), and
              ``can_configure``: whether the user may write rules;
            * ``axes``: for each axis its value, the ends of its scale, the bands of the
              grades on it, the points to the next grade, the reach of its rules;
            * ``lines``: for each rule that counted what it gave, with the running total
              before and after it and its evidence, piece by piece; ``subtotals`` by
              axis. The points add up to the total;
            * ``readiness``: see ``crm.lead.get_readiness()``, with ``suggestions``;
            * ``changes``: what is different since yesterday;
            * ``probability``: Odoo's prediction, and what it is based on

        :raise AccessError: when the user may not read scores or not this lead
        :raise MissingError: when there is no such lead
        """
        self.browse().check_access("read")
        lead = self.env["crm.lead"].browse(read_id(self.env, lead_id)).exists()
        if not lead:
            raise MissingError(self.env._("This lead is not there any more."))
        lead.check_access("read")
        # Gives the lead its row, if it came in without the ORM.
        readiness = lead.get_readiness()
        models_ = self.env["crm.lead.score.model"]
        model = models_._get_of(lead)
        grade = lead.sudo().lead_grade_id
        lines, events = self._find_panel_lines(lead)
        return {
            "lead_id": lead.id,
            "total": lead.sudo().lead_score,
            # An empty recordset is a text to a browser, and a text is true.
            "grade": bool(grade) and {"name": grade.name, "color": grade.color},
            "model": bool(model)
            and {
                "id": model.id,
                "name": model.name,
                "state": model.state,
                "rule_count": model.rule_count,
            },
            "can_configure": models_.has_access("write"),
            "is_refresh_pending": models_.get_freshness()["pending"],
            "axes": [self._describe_axis(lead, model, axis) for axis in AXES],
            "lines": self._describe_panel_lines(lines, events),
            "readiness": {
                **readiness,
                "suggestions": self._suggest(lead, model, readiness),
            },
            "changes": self._describe_changes(lead, model, lines, events),
            "probability": self._describe_probability(lead),
        }

    # Lines

    def _find_panel_lines(self, lead):
        """Return the lines of a lead, by axis, and the events behind them."""
        lines = lead.sudo().score_line_ids.sorted(
            lambda line: (
                AXES.index(line.axis) if line.axis else len(AXES),
                -line.points,
                line.id,
            )
        )
        return lines, lines._get_events()

    def _describe_panel_lines(self, lines, events):
        """The lines as a waterfall: each starts where the one before it ended."""
        documents = self._find_documents(events)
        described, running = [], 0
        for line in lines:
            described.append(
                {
                    "rule_id": line.rule_id.id,
                    "rule": line.display_name,
                    "sentence": line.domain_sentence or "",
                    "axis": line.axis or False,
                    "points": line.points,
                    "start": running,
                    "end": running + line.points,
                    **self._describe_panel_evidence(line, events, documents),
                }
            )
            running += line.points
        return described

    def _describe_panel_evidence(self, line, events, documents):
        """What stands behind a line, piece by piece, each with what it opens."""
        if line not in events:
            text = line._describe_values()
            return {"evidence": text and [{"text": text}] or [], "more": 0}
        count, found = events[line]
        pieces = [
            {
                "text": line._describe_event(event, points),
                "document": documents.get(event, False),
            }
            for event, points in found
        ]
        return {"evidence": pieces, "more": count - len(pieces)}

    def _find_documents(self, events):
        """Return what each event opens, if this user may read it.

        That is the message or the meeting behind it, else the event itself.

        :return: dict ``{event: {"model", "id"}}``
        """
        found = {event for _count, pairs in events.values() for event, _points in pairs}
        documents = {}
        own = self.env["crm.lead.score.event"].browse([event.id for event in found])
        for event in own._filtered_access("read"):
            documents[event.sudo()] = {"model": event._name, "id": event.id}
        by_model = {}
        for event in found:
            name = event.res_model
            if not event.res_id or name not in self.env or name == "crm.lead":
                continue
            if not self.env[name]._abstract:
                by_model.setdefault(name, []).append(event)
        for name, own in by_model.items():
            records = self.env[name].browse({event.res_id for event in own}).exists()
            readable = set(records._filtered_access("read").ids)
            for event in own:
                if event.res_id in readable:
                    documents[event] = {"model": name, "id": event.res_id}
        return documents

    # Axes

    def _describe_axis(self, lead, model, axis):
        """One axis of a lead: where it stands, and where the grades begin."""
        score = lead.sudo().score_id
        value = score[axis]
        low, high, is_open_low, is_open_high = self._get_reach(model, axis)
        minimums = sorted(set(model.grade_ids.mapped(f"{axis}_min")))
        thresholds = minimums[1:]
        lowest, highest = self._get_scale(value, thresholds, low, high)
        starts = [lowest, *thresholds]
        bands = [
            {
                "name": self._name_band(model, axis, minimum),
                "from": start,
                "to": end,
                "is_current": start <= value < end or (end == highest and value >= end),
            }
            for minimum, start, end in zip(
                minimums or [0], starts, [*starts[1:], highest], strict=True
            )
        ]
        return {
            "name": axis,
            "label": dict(
                self.env["crm.lead.score.rule"]
                ._fields["axis"]
                ._description_selection(self.env)
            )[axis],
            "value": value,
            "lowest": lowest,
            "highest": highest,
            "bands": bands,
            "next": self._find_next_grade(model, score, axis),
            "reach": self._word_reach(low, high, is_open_low, is_open_high),
        }

    def _get_scale(self, value, thresholds, low, high):
        """The ends of a gauge: they hold the lead, and each band has some room.

        :param thresholds: where the bands begin, but for the lowest one
        :param low: the least that the rules allow; ``high``: the most
        """
        if not thresholds:
            return min(0, value, low), max(1, value, high)
        top = max(abs(thresholds[0]), abs(thresholds[-1]), 1)
        room = max(top // 4, 1)
        lowest = min(0, value, max(low, -top), thresholds[0] - room)
        highest = max(value, min(high, SCALE_FACTOR * top), thresholds[-1] + room)
        return lowest, highest

    def _name_band(self, model, axis, minimum):
        """What the grades that begin here have in common: A of A1, A2 and A3."""
        names = model.grade_ids.filtered(
            lambda grade: grade[f"{axis}_min"] == minimum
        ).mapped("name")
        start = _common_start(names)
        end = _common_start([name[::-1] for name in names])[::-1]
        return (start or end if axis == "fit" else end or start).strip()

    def _find_next_grade(self, model, score, axis):
        """How many points on this axis, and on no other, give the next better grade.

        :return: dict with ``grade`` and ``missing``, or ``False``
        """
        bands = model.grade_ids._to_bands()
        order = [grade for grade, _minimums in bands]
        points = {name: score[name] for name in AXES}

        def rank(points):
            for index, (_grade, minimums) in enumerate(bands):
                if all(points[name] >= least for name, least in minimums.items()):
                    return index
            return len(bands)

        present = rank(points)
        for least in sorted({least.get(axis, points[axis]) for _g, least in bands}):
            if least > points[axis]:
                found = rank({**points, axis: least})
                if found < present:
                    grade = model.grade_ids.browse(order[found])
                    return {"grade": grade.name, "missing": least - points[axis]}
        return False

    def _get_reach(self, model, axis):
        """The least and the most that the rules in force give on an axis.

        :return: tuple ``(lowest, highest, no lower limit, no upper limit)``
        """
        sums, is_open, shared = {-1: 0, 1: 0}, {-1: False, 1: False}, {}
        for rule in model._find_rules_in_force():
            if rule.axis != axis:
                continue
            sign, most = (1 if rule.points > 0 else -1), abs(rule.points)
            limits = [rule.cap] if rule.cap else []
            if rule.kind == "attribute" or rule.counting == "once":
                limits.append(most)
            if rule.cap_id:
                known = shared.get((rule.cap_id, sign), 0)
                most = min(limits, default=rule.cap_id.maximum)
                shared[rule.cap_id, sign] = min(known + most, rule.cap_id.maximum)
                continue
            is_open[sign] |= not limits
            sums[sign] += min(limits, default=most)
        for (_cap, sign), most in shared.items():
            sums[sign] += most
        return -sums[-1], sums[1], is_open[-1], is_open[1]

    def _word_reach(self, low, high, is_open_low, is_open_high):
        """The same as :meth:`_get_reach`, in words."""
        if is_open_low and is_open_high:
            return self.env._("The rules set no limits.")
        if is_open_high:
            return self.env._("The rules allow %(low)s points or more.", low=low)
        if is_open_low:
            return self.env._("The rules allow %(high)s points or fewer.", high=high)
        return self.env._(
            "The rules allow %(low)s to %(high)s points.", low=low, high=high
        )


def _common_start(names):
    """The longest text that all names begin with."""
    shortest = min(names, key=len, default="")
    for index, letter in enumerate(shortest):
        if any(name[index] != letter for name in names):
            return shortest[:index]
    return shortest
