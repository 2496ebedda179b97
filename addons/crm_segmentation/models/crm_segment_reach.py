from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmSegment(models.Model):
    """How many members can be written to or called, and why the others cannot."""

    _inherit = "crm.segment"

    # === ACTION METHODS === #
    def action_view_reach(self, channel, reason=False):
        """Open the members that a channel reaches, or those that it does not.

        :param str channel: code of a channel
        :param str reason: code of a reason; those that are reached if empty
        """
        self.ensure_one()
        self.check_access("read")
        for found in self._split_by_reach():
            if found["code"] == channel and reason in (False, *found["domains"]):
                domain = found["domains"][reason] if reason else found["domain"]
                return {
                    "type": "ir.actions.act_window",
                    "name": f"{self.display_name}: {found['label']}",
                    "res_model": self.model_name,
                    "views": [(False, "list"), (False, "form")],
                    "domain": list(domain),
                    "context": {"active_test": False},
                }
        raise UserError(self.env._("There is no such way to reach somebody."))

    # === BUSINESS METHODS === #
    def get_reach(self):
        """Count the members that can be reached, of those that the user may see.

        :return: dict ``members``; a number for each channel by its code (``email``,
            ``phone``, ``sms``); ``channels``: dicts ``code``, ``label``, ``icon``,
            ``count`` and ``blocked``; ``blocked``: of all channels. Each blocked is a
            dict ``channel``, ``code``, ``text``, ``count``; a member is counted in the
            first reason that holds
        """
        self.ensure_one()
        self.check_access("read")
        model = self.env[self.model_name].with_context(active_test=False)
        members = model.search_count([("segment_ids", "in", self.ids)])
        channels = []
        for found in self._split_by_reach():
            blocked = [
                {
                    "channel": found["code"],
                    "code": code,
                    "text": found["texts"][code],
                    "count": model.search_count(domain),
                }
                for code, domain in found["domains"].items()
            ]
            channels.append(
                {
                    "code": found["code"],
                    "label": found["label"],
                    "icon": found["icon"],
                    # To look for who is on no list would name everybody.
                    "count": members - sum(reason["count"] for reason in blocked),
                    "blocked": [reason for reason in blocked if reason["count"]],
                }
            )
        return {
            "members": members,
            **{channel["code"]: channel["count"] for channel in channels},
            "channels": channels,
            "blocked": [reason for found in channels for reason in found["blocked"]],
        }

    def _split_by_reach(self):
        """Return the channels with the members of each: reached, and by reason not.

        :return: list of dicts ``code``, ``label``, ``icon``, ``domain`` (reached),
            ``domains`` (by code of the reason) and ``texts`` (the same)
        """
        channels = []
        for channel in self._get_reach_channels():
            left = Domain("segment_ids", "in", self.ids)
            domains = {}
            for code, _text, domain in channel["blocked"]:
                domains[code] = left & domain
                left &= ~domain
            texts = {code: text for code, text, _domain in channel["blocked"]}
            channels.append(
                {**channel, "domain": left, "domains": domains, "texts": texts}
            )
        return channels

    # === HOOKS === #
    @api.model
    def _get_reach_channels(self):
        """Return the ways to reach members; other apps add channels and reasons.

        :return: list of dicts ``code``, ``label``, ``icon`` and ``blocked``: what keeps
            a member from being reached, as ``(code, text, Domain)``, the first that
            holds counts
        """
        archived = ("archived", self.env._("archived"), Domain("active", "=", False))
        number = [
            archived,
            ("no_phone", self.env._("no number"), Domain("phone", "=", False)),
            (
                "wrong_phone",
                self.env._("no valid number"),
                Domain("phone_sanitized", "=", False),
            ),
        ]
        listed = (
            "blacklisted",
            self.env._("on the blacklist"),
            Domain("phone_sanitized_blacklisted", "=", True),
        )
        return [
            {
                "code": "email",
                "label": self.env._("E-mail"),
                "icon": "fa-envelope-o",
                "blocked": [
                    archived,
                    (
                        "no_email",
                        self.env._("no address"),
                        Domain("email_normalized", "=", False),
                    ),
                    (
                        "blacklisted",
                        self.env._("on the blacklist"),
                        Domain("is_blacklisted", "=", True),
                    ),
                ],
            },
            {
                "code": "phone",
                "label": self.env._("Phone"),
                "icon": "fa-phone",
                "blocked": [*number, listed],
            },
            {
                "code": "sms",
                "label": self.env._("SMS"),
                "icon": "fa-mobile",
                "blocked": [*number, listed],
            },
        ]
