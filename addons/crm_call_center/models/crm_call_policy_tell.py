from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime, format_time


class CrmCallPolicy(models.Model):
    """What the gate decided, in words."""

    _inherit = "crm.call.policy"

    # === BUSINESS METHODS === #
    @api.model
    def _tell_decision(self, decision):
        """Return a decision as plain values, its reasons as sentences."""
        return {
            "allowed": decision.allowed,
            "reasons": [
                {
                    "code": reason.code,
                    "text": self._tell_reason(reason),
                    "until": fields.Datetime.to_string(reason.until) or False,
                }
                for reason in decision.reasons
            ],
            "next_time": fields.Datetime.to_string(decision.next_time) or False,
            "zones": list(decision.zones),
            "zone_source": decision.zone_source,
            "flagged": decision.flagged,
        }

    @api.model
    def _tell_reason(self, reason):
        """Return one reason as a sentence without its full stop."""
        texts = {
            "no_number": self.env._("There is no phone number that can be called"),
            "do_not_call": self.env._("The number is on the do-not-call list"),
            "in_register": self.env._(
                "The number is in the register %s", reason.param or ""
            ),
            "wrong_number": self.env._("The number is wrong: it reaches somebody else"),
            "opt_in_missing": self.env._(
                "The law there asks for a consent, and there is none"
            ),
            "no_provenance": self.env._("It is not known where the number comes from"),
            "register_too_old": self.env._(
                "The register %s was not imported, or is too old", reason.param or ""
            ),
            "outside_hours": self.env._("It is not a calling hour there"),
            "holiday": self.env._("It is a holiday there"),
            "no_common_hour": self.env._(
                "The number may be in time zones that have no calling hour in common"
            ),
            "attempts_number_day": self.env._(
                "The number was tried %s times today", reason.param
            ),
            "attempts_number_period": self.env._(
                "The number was tried %s times in 30 days", reason.param
            ),
            "attempts_contact_day": self.env._(
                "The contact was tried %s times today", reason.param
            ),
            "attempts_contact_period": self.env._(
                "The contact was tried %s times in 30 days", reason.param
            ),
            "spacing": self.env._(
                "The last attempt was less than %s minutes ago", reason.param
            ),
            "same_daypart": self.env._(
                "Nobody answered at this time of the day: another one is tried"
            ),
            "resting": self.env._(
                "The person refused less than %s days ago", reason.param
            ),
        }
        return texts.get(reason.code, reason.code)

    @api.model
    def _tell_reasons(self, decision):
        """Return all reasons of a decision as one text."""
        return ". ".join(self._tell_reason(reason) for reason in decision.reasons)

    @api.model
    def _tell_moment(self, moment, zone=None):
        """Return a UTC moment as people say it in a zone: the hour, or day and hour.

        :param str zone: by default that of the user
        """
        zone = zone or self.env.user.tz or "UTC"
        clock = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        today = (
            fields.Datetime.now().replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
        )
        if clock.date() == today:
            return format_time(self.env, moment, tz=zone, time_format="short")
        if abs((clock.date() - today).days) < 7:
            day = format_date(self.env, clock.date(), date_format="EEEE")
            hour = format_time(self.env, moment, tz=zone, time_format="short")
            return f"{day} {hour}"
        return format_datetime(self.env, moment, tz=zone, dt_format="short")
