from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_segmentation.models.crm_segment import TARGET_MODELS

MODEL_TARGETS = {model_name: target for target, model_name in TARGET_MODELS.items()}
#: What stays in the filter of a mailing whose segments were taken away.
NOBODY = repr(("segment_ids", "in", []))


class MailingMailing(models.Model):
    """A mailing to the members of segments; who they are is settled when it is sent."""

    _inherit = "mailing.mailing"

    # === FIELDS === #
    segment_ids = fields.Many2many(
        "crm.segment",
        "mailing_mailing_segment_rel",
        "mailing_id",
        "segment_id",
        string="Segments",
        domain="[('target', '=', segment_target)]",
        # An archived one stays in sight: it has no members, and the mailing no others.
        context={"active_test": False},
        groups="sales_team.group_sale_salesman",
        help="Recipients are the members of any of these.",
    )
    segment_target = fields.Char(compute="_compute_segment_target")
    segment_problem = fields.Char(compute="_compute_segment_problem")
    segment_recipients = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Ids of the members at the moment of sending: whoever enters later does"
        " not get the mailing.",
    )
    segment_recipient_count = fields.Integer(
        string="Members at Sending",
        readonly=True,
        copy=False,
        help="Whoever enters a segment later does not get the mailing.",
    )

    # === COMPUTE METHODS === #
    @api.depends("mailing_model_id")
    def _compute_segment_target(self):
        for mailing in self:
            mailing.segment_target = MODEL_TARGETS.get(mailing.mailing_model_name)

    @api.depends("segment_ids.active", "mailing_domain")
    def _compute_segment_problem(self):
        for mailing in self:
            segments = mailing.sudo().segment_ids
            archived = segments.filtered(lambda segment: not segment.active)
            mailing.segment_problem = False
            if archived:
                mailing.segment_problem = self.env._(
                    "Archived, so nobody gets the mailing because of it: %(names)s",
                    names=", ".join(archived.mapped("name")),
                )
            elif not segments and NOBODY in (mailing.mailing_domain or ""):
                mailing.segment_problem = self.env._(
                    "No segment is left: nobody gets the mailing until you choose one,"
                    " or take the condition on segments out of the filter."
                )

    @api.depends("segment_ids")
    def _compute_mailing_domain(self):
        return super()._compute_mailing_domain()

    # === CONSTRAINTS === #
    @api.constrains("segment_ids", "mailing_model_id")
    def _check_segments(self):
        for mailing in self.sudo():
            targets = set(mailing.segment_ids.mapped("target"))
            if targets - {mailing.segment_target}:
                raise ValidationError(
                    self.env._(
                        "The segments of “%(mailing)s” hold other records than the"
                        " mailing is for.",
                        mailing=mailing.subject,
                    )
                )

    # === ONCHANGE METHODS === #
    @api.onchange("mailing_model_id")
    def _onchange_mailing_model_id(self):
        target = MODEL_TARGETS.get(self.mailing_model_name)
        self.segment_ids = self.segment_ids.filtered(
            lambda segment: segment.target == target
        )

    # === BUSINESS METHODS === #
    def _get_default_mailing_domain(self):
        domain = super()._get_default_mailing_domain()
        segments = self.sudo().segment_ids
        is_target = self.mailing_model_name in MODEL_TARGETS
        if is_target and (segments or self._had_segments()):
            # None left: nobody gets it, until somebody takes the condition away.
            domain = Domain("segment_ids", "in", segments.ids) & domain
        return domain

    def _had_segments(self):
        """Whether the mailing was to members of segments when it was last saved."""
        saved = self._origin
        return (
            bool(saved)
            and saved.mailing_model_id == self.mailing_model_id
            and "segment_ids" in (saved.mailing_domain or "")
        )

    def _get_recipients_domain(self):
        recipients = self.sudo().segment_recipients
        if recipients is not False and recipients is not None:
            return Domain("id", "in", recipients)
        return super()._get_recipients_domain()

    def _action_send_mail(self, res_ids=None):
        if not res_ids:
            for mailing in self:
                mailing._freeze_recipients()
        return super()._action_send_mail(res_ids)

    def _freeze_recipients(self):
        """Keep who the members are now: a mailing goes out in parts, and is retried."""
        self.ensure_one()
        mailing = self.sudo()
        if not mailing.segment_ids or mailing.segment_recipients:
            return
        model = self.env[self.mailing_model_real]
        ids = model.search(self._get_recipients_domain(), order="id").ids
        mailing.write({"segment_recipients": ids, "segment_recipient_count": len(ids)})
