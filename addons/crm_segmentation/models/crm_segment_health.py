from odoo import api, models
from odoo.exceptions import UserError

JOB = "crm_glossary_core.ir_cron_refresh"


class CrmSegmentHealth(models.AbstractModel):
    """What keeps segments from being right, each with the place to mend it.

    Nothing is stored: a problem is there as long as its cause is.
    """

    _name = "crm.segment.health"
    _description = "Health of Segments"

    # === BUSINESS METHODS === #
    @api.model
    @api.readonly
    def get_health(self):
        """Say what is wrong with the segments that the user sees, the worst first.

        :return: list of dicts ``code``, ``level`` (danger, warning), ``message`` and
            ``label`` (of the button; ``False`` if there is nothing to open)
        :raise AccessError: for whoever may not change segments
        """
        self.env["crm.segment"].browse().check_access("write")
        return [
            {name: problem[name] for name in ("code", "level", "message", "label")}
            for problem in self._get_problems()
        ]

    @api.model
    def open_problem(self, code):
        """Return the action that opens the place where a problem is mended.

        :param str code: of :meth:`get_health`
        :raise AccessError: for whoever may not change segments
        :raise UserError: when there is nothing to open
        """
        self.env["crm.segment"].browse().check_access("write")
        for problem in self._get_problems():
            if problem["code"] == code and problem["action"]:
                return problem["action"]
        raise UserError(self.env._("This is mended already."))

    @api.model
    def _get_problems(self):
        levels = ("danger", "warning")
        return sorted(
            self._find_problems(), key=lambda found: levels.index(found["level"])
        )

    @api.model
    def _prepare_problem(self, code, level, message, label=False, action=False):
        return {
            "code": code,
            "level": level,
            "message": message,
            "label": label,
            "action": action,
        }

    @api.model
    def _open_segments(self, segments):
        """The action that lists these segments; one by itself is opened."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_action"
        )
        action.update(domain=[("id", "in", segments.ids)], context={"create": False})
        if len(segments) == 1:
            action.update(views=[(False, "form")], res_id=segments.id)
        return action

    # === HOOKS === #
    @api.model
    def _find_problems(self):
        """Return the problems as :meth:`_prepare_problem` makes them.

        Be quick: this is asked for whenever a marketer opens the list.
        """
        found = []
        job = self.env.ref(JOB, raise_if_not_found=False)
        if job and not job.sudo().active:
            message = self.env._(
                "The scheduled job that refreshes segments is switched off. An"
                " administrator has to switch it on."
            )
            found.append(self._prepare_problem("job_off", "danger", message))
        segments = self.env["crm.segment"]
        if broken := segments.search([("error_message", "!=", False)]):
            message = self.env._(
                "Segments whose rule does not work: %(names)s.",
                names=self._name_some(broken),
            )
            found.append(
                self._prepare_problem(
                    "broken",
                    "danger",
                    message,
                    self.env._("Mend"),
                    self._open_segments(broken),
                )
            )
        if late := segments.search([("next_refresh_at", "<", "-1H")]) - broken:
            message = self.env._(
                "Segments that should have been refreshed: %(names)s.",
                names=self._name_some(late),
            )
            found.append(
                self._prepare_problem(
                    "late",
                    "warning",
                    message,
                    self.env._("Look"),
                    self._open_segments(late),
                )
            )
        return found

    @api.model
    def _name_some(self, segments):
        names = ", ".join(segments[:3].mapped("display_name"))
        if len(segments) > 3:
            return self.env._(
                "%(names)s and %(count)s more", names=names, count=len(segments) - 3
            )
        return names
