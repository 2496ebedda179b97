from collections.abc import Callable
from dataclasses import dataclass, replace

from odoo import api, models
from odoo.exceptions import UserError

#: System parameter: codes of the hints that managers do not want to see any more.
IGNORED = "crm_lead_scoring.health_ignored"


@dataclass(frozen=True)
class Problem:
    """One thing that keeps scores from being right, or from doing any good.

    :param str code: what programs call it; it stays the same while the problem lasts
    :param str message: one sentence for a manager
    :param str level: ``danger`` (scores are wrong or missing), ``warning``, or ``hint``
        (somebody may want it that way: it can be ignored for good)
    :param str label: what the button says; empty without ``fix``
    :param fix: function without arguments that mends it and returns a sentence about
        what it did, or an action that opens the place to mend it
    """

    code: str
    message: str
    level: str = "warning"
    label: str = ""
    fix: Callable | None = None


class CrmLeadScoreHealth(models.AbstractModel):
    """What managers should know about scoring, each with a way to mend it.

    Nothing is stored: a problem is there as long as its cause is.
    """

    _name = "crm.lead.score.health"
    _description = "Health of Lead Scoring"

    # === BUSINESS METHODS === #

    @api.model
    @api.readonly
    def get_health(self):
        """Say what is wrong with lead scoring in this database, the worst first.

        :return: list of dicts: ``code``, ``level`` (danger, warning, hint), ``message``
            and ``label`` (what :meth:`fix` does, ``False`` if it can do nothing for
            this user); empty when all is well
        :raise AccessError: for whoever may not change scoring models
        """
        self.env["crm.lead.score.model"].browse().check_access("write")
        return [
            {
                "code": problem.code,
                "level": problem.level,
                "message": problem.message,
                "label": bool(problem.fix) and problem.label,
            }
            for problem in self._get_problems()
        ]

    @api.model
    def fix(self, code):
        """Mend a problem, or open the place where it can be mended.

        :param str code: of :meth:`get_health`
        :return: an action to be done next
        :raise AccessError: for whoever may not change scoring models
        :raise UserError: when there is nothing that can be done about it
        """
        self.env["crm.lead.score.model"].browse().check_access("write")
        problems = {problem.code: problem for problem in self._get_problems()}
        if not isinstance(code, str) or code not in problems:
            return self._say(self.env._("This is mended already."))
        if not problems[code].fix:
            raise UserError(
                self.env._("An administrator has to mend this: you may not.")
            )
        result = problems[code].fix()
        return result if isinstance(result, dict) else self._say(result)

    @api.model
    def ignore(self, code):
        """Show a hint no more, to nobody; anything worse cannot be ignored.

        :param str code: of :meth:`get_health`
        :raise AccessError: for whoever may not change scoring models
        :raise UserError: when it is more than a hint
        """
        self.env["crm.lead.score.model"].browse().check_access("write")
        for problem in self._get_problems():
            if problem.code != code:
                continue
            if problem.level != "hint":
                raise UserError(self.env._("This has to be mended."))
            codes = sorted(self._get_ignored() | {code})
            self.env["ir.config_parameter"].sudo().set_param(IGNORED, ",".join(codes))
        return True

    @api.model
    def _get_problems(self):
        """Return the problems to be shown, the worst first, each with its own code."""
        ignored, found, codes = self._get_ignored(), [], set()
        for problem in self._find_problems():
            code, number = problem.code, 1
            while code in codes:
                number += 1
                code = f"{problem.code}_{number}"
            codes.add(code)
            if problem.level != "hint" or code not in ignored:
                found.append(replace(problem, code=code))
        levels = ("danger", "warning", "hint")
        return sorted(found, key=lambda problem: levels.index(problem.level))

    @api.model
    def _get_ignored(self):
        codes = self.env["ir.config_parameter"].sudo().get_param(IGNORED) or ""
        return set(codes.split(",")) - {""}

    @api.model
    def _say(self, message):
        """Return the action that says it and shows the screen anew."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _open(self, records, name, xml_id):
        """Return the action that opens records of one kind; one by itself at once.

        :param str xml_id: the window action whose views are used
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action.update(
            display_name=name,
            name=name,
            domain=[("id", "in", records.ids)],
            context={"active_test": False, "create": False},
        )
        if len(records) == 1:
            action.update(views=[(False, "form")], res_id=records.id, context={})
        return action

    # === HOOKS === #

    @api.model
    def _find_problems(self):
        """Look for problems.

        Add yours to what ``super()`` returns; be quick, this is asked for whenever a
        manager opens the list of leads.

        :return: list of :class:`Problem`
        """
        return [
            Problem(
                code=found["code"],
                message=found["message"],
                level="hint",
                label=self.env._("Set Up") if found.get("action") else "",
                fix=(lambda action=found["action"]: action)
                if found.get("action")
                else None,
            )
            for found in self.env["crm.lead.score.signal"]._get_health_problems()
        ]
