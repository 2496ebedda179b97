from odoo import api, fields, models
from odoo.tools import format_datetime as _format_datetime

from odoo.addons.crm_glossary_core import engine


def format_datetime(env, value):
    """A moment in the reader's language and time zone, without seconds."""
    return _format_datetime(env, value, dt_format="short")


class CrmLeadScore(models.Model):
    """Whether the lead is ready for sales; written by the criteria engine alone."""

    _inherit = "crm.lead.score"

    # === FIELDS === #

    is_ready = fields.Boolean("Ready for Sales", readonly=True)
    ready_since = fields.Datetime(readonly=True)
    reached_since = fields.Datetime(
        "Threshold Reached",
        readonly=True,
        help="Since when the score is at the threshold, without a break.",
    )
    held_total = fields.Integer(
        "Held at",
        readonly=True,
        help="A returned lead becomes ready again when its score exceeds this: the"
        " lowest one since its return.",
    )
    transitions = fields.Integer(
        readonly=True,
        help="How many times the lead has become ready, or ready no longer.",
    )

    _ready_index = models.Index("(ready_since) WHERE is_ready")
    # for the refresh, which looks at those whose state may change
    _waiting_index = models.Index(
        "(id) WHERE reached_since IS NOT NULL OR held_total IS NOT NULL"
    )

    # === BUSINESS METHODS === #

    @api.model
    def _merge_readiness(self, lead, others):
        """Let a lead that others are merged into be ready if one of them was.

        It takes over their hand-overs, and the record of what followed.
        """
        engine.pending.run(self.env)
        engine.readiness.merge(self.env, self._table, lead.id, others.ids)
        self.env["crm.lead.score.handover"]._merge(lead, others)
        self.env["crm.lead.score.run"]._merge(lead, others)

    @api.model
    def _refresh_records(self, records, fnames=None):
        """Must-haves and the end of a lead count too, whatever the rules look at."""
        result = super()._refresh_records(records, fnames)
        models_ = self.env["crm.lead.score.model"]
        if records._name == "crm.lead" and fnames is not None:
            if fnames & models_._get_readiness_touched_fields():
                models_.sudo()._refresh_readiness(records.ids)
                self._invalidate_scores(records.ids)
        return result

    def _explain_readiness(self):
        """Say whether the lead is ready, and what would make it so.

        :return: dict, see ``crm.lead.get_readiness()``
        """
        self.ensure_one()
        lead = self.lead_id.sudo().with_context(active_test=False)
        model = self.env["crm.lead.score.model"]._get_of(lead)
        answer = {
            "model": model.name,
            "state": model.state,
            "is_ready": self.is_ready,
            "ready_since": self.ready_since,
            "score": self.total,
            "ready_score": model.ready_score,
            "unready_score": model.unready_score,
            "missing_points": 0,
            "unmet": self._describe_unmet(lead, model),
            "reached_since": self.reached_since,
            "ready_on": False,
            "held_score": False,
            "handover": lead.handover_state,
        }
        if model and not self.is_ready:
            answer["missing_points"] = max(model.ready_score - self.total, 0)
            if self.reached_since:
                answer["ready_on"] = fields.Datetime.add(
                    self.reached_since, hours=model.ready_dwell_hours
                )
            if engine.readiness.is_held(self.env, self._table, self.id):
                answer["held_score"] = self.held_total
        answer["sentences"] = self._word_readiness(lead, model, answer)
        return answer

    def _describe_unmet(self, lead, model):
        """The must-haves that the lead does not meet, each as a sentence."""
        if not model:
            return []
        try:
            unmet = engine.readiness.unmet(
                self.env, model._prepare_must_criterion(), lead.id
            )
        except engine.CriterionError:
            return []
        return [engine.describe(self.env, "crm.lead", part) for part in unmet]

    def _word_readiness(self, lead, model, answer):
        """The same as :meth:`_explain_readiness`, in words."""
        if not model:
            return [self.env._("No scoring model scores this lead.")]
        lines = []
        if not lead.active or lead.won_status != "pending":
            lines.append(self.env._("The lead is closed: nothing changes any more."))
        elif model.ready_error_message:
            lines.append(
                self.env._(
                    "The must-haves cannot be used at present, so nothing changes:"
                    " %(problem)s",
                    problem=model.ready_error_message,
                )
            )
        if answer["is_ready"]:
            lines.append(
                self.env._(
                    "Ready for sales since %(date)s. It stays so as long as it has at"
                    " least %(leave)s points; it has %(score)s.",
                    date=format_datetime(self.env, answer["ready_since"]),
                    leave=answer["unready_score"],
                    score=answer["score"],
                )
            )
            return lines
        return lines + self._word_missing(answer)

    def _word_missing(self, answer):
        lines = []
        if answer["missing_points"]:
            lines.append(
                self.env._(
                    "%(missing)s more points: it has %(score)s of %(enter)s.",
                    missing=answer["missing_points"],
                    score=answer["score"],
                    enter=answer["ready_score"],
                )
            )
        lines += [
            self.env._("Must-have that is not met: %(sentence)s.", sentence=sentence)
            for sentence in answer["unmet"]
        ]
        if answer["held_score"] is not False:
            lines.append(
                self.env._(
                    "Something new: it was returned, and becomes ready again when its"
                    " score exceeds %(score)s.",
                    score=answer["held_score"],
                )
            )
        if answer["ready_on"]:
            lines.append(
                self.env._(
                    "Time: it has enough points since %(since)s and becomes ready on"
                    " %(date)s, if it keeps them.",
                    since=format_datetime(self.env, answer["reached_since"]),
                    date=format_datetime(self.env, answer["ready_on"]),
                )
            )
        if not lines:
            lines.append(
                self.env._("It has all it needs: the next refresh makes it ready.")
            )
        return lines
