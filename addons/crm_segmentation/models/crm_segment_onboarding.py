from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: System parameter: ids of the companies whose marketers closed the panel.
CLOSED = "crm_segmentation.onboarding_closed"


class CrmSegmentOnboarding(models.AbstractModel):
    """The first four steps with segments.

    Nobody ticks a step off: it is done when the data say so.
    """

    _name = "crm.segment.onboarding"
    _description = "First Steps with Segments"

    # === BUSINESS METHODS === #
    @api.model
    @api.readonly
    def get_onboarding(self):
        """Return the first steps and which of them are done.

        :return: list of dicts ``code``, ``title``, ``text``, ``label`` (of the button)
            and ``is_done``; empty when all are done, or when a marketer of this company
            closed the panel
        :raise AccessError: for whoever may not change segments
        """
        self.env["crm.segment"].browse().check_access("write")
        if str(self.env.company.id) in self._get_closed():
            return []
        steps = self._get_steps()
        return [] if all(step["is_done"] for step in steps) else steps

    @api.model
    def open_step(self, code):
        """Return the action that opens the place where a step is done.

        :param str code: of :meth:`get_onboarding`
        :raise AccessError: for whoever may not change segments
        :raise UserError: when there is no such step
        """
        self.env["crm.segment"].browse().check_access("write")
        openers = self._get_openers()
        if not isinstance(code, str) or code not in openers:
            raise UserError(self.env._("There is no such step."))
        return getattr(self, openers[code])()

    @api.model
    def close(self):
        """Show the panel no more to the marketers of this company.

        :raise AccessError: for whoever may not change segments
        """
        self.env["crm.segment"].browse().check_access("write")
        closed = self._get_closed() | {str(self.env.company.id)}
        self.env["ir.config_parameter"].sudo().set_param(
            CLOSED, ",".join(sorted(closed - {""}))
        )
        return True

    @api.model
    def _get_closed(self):
        companies = self.env["ir.config_parameter"].sudo().get_param(CLOSED) or ""
        return set(companies.split(","))

    # what is done

    @api.model
    def _get_own_segments(self):
        """Segments that people made; those of the installation do not count."""
        return self.env["crm.segment"].search(
            [("create_uid", "!=", SUPERUSER_ID), ("is_template", "=", False)]
        )

    @api.model
    def _has_members(self, segments):
        members = self.env["crm.segment.member"]
        return bool(members.search_count([("segment_id", "in", segments.ids)], limit=1))

    @api.model
    def _has_actions(self):
        """Whether anything follows from a segment; the sample's actions are off."""
        made = Domain("create_uid", "!=", SUPERUSER_ID) | Domain("is_on", "=", True)
        return bool(self.env["crm.segment.action"].search_count(made, limit=1))

    # where it is done

    def _open_templates(self):
        return self._open("crm_segmentation.crm_segment_action_template")

    def _open_segments(self):
        return self._open("crm_segmentation.crm_segment_action")

    def _open_members(self):
        segments = self._get_own_segments()
        return segments[0].action_view_members() if segments else self._open_segments()

    def _open_latest(self):
        """The segment that somebody made last; actions are on its form."""
        action = self._open_segments()
        if segment := self._get_own_segments().sorted("id")[-1:]:
            action.update(views=[(False, "form")], res_id=segment.id)
        return action

    def _open(self, xml_id):
        return self.env["ir.actions.act_window"]._for_xml_id(xml_id)

    # === HOOKS === #
    @api.model
    def _get_openers(self):
        """Return the method that opens each step, by its code."""
        return {
            "segment": "_open_templates",
            "members": "_open_members",
            "combine": "_open_segments",
            "act": "_open_latest",
        }

    @api.model
    def _get_steps(self):
        """Return all steps in order, as :meth:`get_onboarding` does."""
        segments = self._get_own_segments()
        return [
            {
                "code": "segment",
                "title": self.env._("Make your first segment"),
                "text": self.env._("Start from a template, or write a rule."),
                "label": self.env._("Choose"),
                "is_done": bool(segments),
            },
            {
                "code": "members",
                "title": self.env._("Look at its members"),
                "text": self.env._("They follow the rule, with a date and a reason."),
                "label": self.env._("Look"),
                "is_done": self._has_members(segments),
            },
            {
                "code": "combine",
                "title": self.env._("Combine segments"),
                "text": self.env._("Select two in the list, then choose Combine."),
                "label": self.env._("Open the List"),
                "is_done": bool(segments.filtered(lambda s: s.kind == "expression")),
            },
            {
                "code": "act",
                "title": self.env._("Let it act"),
                "text": self.env._(
                    "Who enters gets a mail, a tag, an activity, by itself."
                ),
                "label": self.env._("Set Up"),
                "is_done": self._has_actions(),
            },
        ]
