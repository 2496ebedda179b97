from odoo import api, fields, models
from odoo.exceptions import UserError

from .mailing_list import BATCH


class CrmSegment(models.Model):
    """Mailings to a segment, the lists that follow it, and what came of them."""

    _inherit = "crm.segment"

    # === FIELDS === #
    mailing_ids = fields.Many2many(
        "mailing.mailing",
        "mailing_mailing_segment_rel",
        "segment_id",
        "mailing_id",
        string="Mailings",
        copy=False,
        groups="mass_mailing.group_mass_mailing_user",
    )
    mailing_list_ids = fields.One2many(
        "mailing.list",
        "segment_id",
        string="Mailing Lists",
        groups="crm_segmentation.group_segmentation_user",
    )
    mailing_count = fields.Integer(
        string="Number of Mailings", compute="_compute_mailing_figures"
    )
    mailing_sent_count = fields.Integer(
        string="E-mails Sent",
        compute="_compute_mailing_figures",
        help="In mailings to the segment and to the lists that follow it. A mailing to"
        " several segments counts in full for each.",
    )
    mailing_opened_rate = fields.Float(
        string="Opened", compute="_compute_mailing_figures"
    )
    mailing_clicked_rate = fields.Float(
        string="Clicked", compute="_compute_mailing_figures"
    )
    mailing_replied_rate = fields.Float(
        string="Replied", compute="_compute_mailing_figures"
    )

    # === COMPUTE METHODS === #
    def _compute_mailing_figures(self):
        mailings = {segment: segment._get_mailings() for segment in self}
        asked = self.env["mailing.mailing"].union(*mailings.values())
        rows = (
            self.env["mailing.trace"]
            .sudo()
            ._read_group(
                [("mass_mailing_id", "in", asked.ids), ("is_test_trace", "=", False)],
                ["mass_mailing_id"],
                [
                    "sent_datetime:count",
                    "open_datetime:count",
                    "links_click_datetime:count",
                    "reply_datetime:count",
                ],
            )
        )
        figures = {mailing.id: counts for mailing, *counts in rows}
        for segment, own in mailings.items():
            found = [figures[key] for key in own.ids if key in figures]
            sent, *reactions = map(sum, zip(*found, strict=True)) if found else [0] * 4
            opened, clicked, replied = (
                number / sent if sent else 0.0 for number in reactions
            )
            segment.mailing_count = len(own)
            segment.mailing_sent_count = sent
            segment.mailing_opened_rate = opened
            segment.mailing_clicked_rate = clicked
            segment.mailing_replied_rate = replied

    # === CRUD METHODS === #
    @api.ondelete(at_uninstall=False)
    def _unlink_except_mailed(self):
        """A mailing that is not sent yet would lose its recipients."""
        waiting = self.env["mailing.mailing"].sudo()
        waiting = waiting.with_context(active_test=False).search(
            [("segment_ids", "in", self.ids), ("state", "!=", "done")], limit=1
        )
        if waiting:
            raise UserError(
                self.env._(
                    "“%(mailing)s” is to be sent to this segment. Take the segment out"
                    " of the mailing first, or archive the segment.",
                    mailing=waiting.subject,
                )
            )

    # === ACTION METHODS === #
    def action_send_mailing(self):
        """Open a new mailing to the members."""
        self.check_access("read")
        target = set(self.mapped("target"))
        model_name = self[:1].model_name if len(target) == 1 else "res.partner"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send an E-mail"),
            "res_model": "mailing.mailing",
            "view_mode": "form",
            "context": {
                "default_mailing_model_id": self.env["ir.model"]._get_id(model_name),
                "default_mailing_type": "mail",
                "default_segment_ids": self.filtered(
                    lambda segment: segment.model_name == model_name
                ).ids,
            },
        }

    def action_make_mailing_list(self):
        """Open the mailing list that follows the segment; make it if there is none."""
        self.ensure_one()
        self.check_access("read")
        lists = self.mailing_list_ids
        if not lists:
            lists = self.env["mailing.list"].create(
                {"name": self.name, "segment_id": self.id}
            )
            # A long one is filled by the scheduled job, soon.
            if self.member_count <= BATCH:
                lists.action_follow_segment()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailing List"),
            "res_model": "mailing.list",
            "res_id": lists[0].id,
            "views": [(False, "form")],
        }

    def action_view_mailings(self):
        """Open the mailings to the segment and to the lists that follow it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailings to %(name)s", name=self.display_name),
            "res_model": "mailing.mailing",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self._get_mailings().ids)],
        }

    # === BUSINESS METHODS === #
    def _get_mailings(self):
        """Return the mailings to the segment, or to a list that follows it."""
        ids = self._origin.ids
        return (
            self.env["mailing.mailing"]
            .sudo()
            .search(
                [
                    "|",
                    ("segment_ids", "in", ids),
                    ("contact_list_ids.segment_id", "in", ids),
                ]
            )
        )

    def _forget_members(self, target):
        result = super()._forget_members(target)
        MailingList = self.env["mailing.list"]
        following = [("segment_id.target", "=", target)]
        if MailingList.sudo().search_count(following, limit=1):
            MailingList._request_follow()
        return result
