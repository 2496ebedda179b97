import time

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: Milliseconds that the first answer and a patient one may take.
QUICK, PATIENT = 900, 20_000
#: What a form sends that decides who matches.
COUNTED = ("kind", "target", "domain", "expression", "company_id", "parent_id")


class CrmSegment(models.Model):
    """How many match a rule while somebody edits it. Nothing is stored."""

    _inherit = "crm.segment"

    # === BUSINESS METHODS === #
    @api.model
    def count_draft(self, values, segment_id=False, patient=False):
        """Count what a rule that is being edited matches, of what the user may see.

        :param dict values: ``kind``, ``target``, ``domain``, ``expression``,
            ``company_id``, ``parent_id``, ``roll_up`` as they stand in the form
        :param int segment_id: the segment that is edited, if it is saved
        :param bool patient: take up to 20 seconds instead of less than one
        :return: dict ``problem`` (a sentence, or ``False``), ``count``, ``entering``
            and ``leaving`` (against the present members; ``None`` without any);
            ``is_late``: it was not counted in time
        :raise AccessError: for whoever may not change segments
        """
        segment = self.browse(self._read_ids(segment_id)).exists()
        segment.check_access("write")
        answer = {
            "problem": False,
            "count": None,
            "entering": None,
            "leaving": None,
            "is_late": False,
        }
        draft = self._make_draft(values, segment)
        if draft.kind == "manual":
            return answer
        try:
            domain = self._get_draft_domain(draft)
            counts = draft._count_domain(domain, segment, PATIENT if patient else QUICK)
        except (engine.CriterionError, UserError, ValidationError) as error:
            return answer | {"problem": str(error)}
        return answer | (counts or {"is_late": True})

    @api.model
    def _make_draft(self, values, segment):
        if not isinstance(values, dict):
            raise UserError(self.env._("Nothing to count was sent."))
        known = {name: values[name] for name in (*COUNTED, "roll_up") if name in values}
        for name in ("company_id", "parent_id"):
            linked = self._fields[name].comodel_name
            ids = self._read_ids(known.get(name))[:1]
            record = self.env[linked].browse(ids).exists()
            record.check_access("read")
            known[name] = record.id
        return self.new({"name": "?", **known}, origin=segment or None)

    @api.model
    def _get_draft_domain(self, draft):
        criterion = draft._prepare_criterion()
        if criterion.error:
            raise engine.CriterionError(criterion.error)
        criterion.uid = self.env.uid
        engine.check(self.env, criterion.model, criterion.domain)
        return criterion.parse(self.env)

    def _count_domain(self, domain, segment, milliseconds):
        """Return what is counted in time, or ``None``; two counts share the time."""
        model = self.env[self.model_name].with_context(active_test=True)
        member = "commercial_partner_id" if self._is_rolled_up() else "id"
        end = time.monotonic() + milliseconds / 1000

        def count(domain):
            if member == "id":
                return model.search_count(domain)
            [[number]] = model._read_group(domain, [], [f"{member}:count_distinct"])
            return number

        def count_in_time(domain):
            left = (end - time.monotonic()) * 1000
            # PostgreSQL takes 0 for no limit.
            return engine.within_time(self.env, max(left, 1), lambda: count(domain))

        matching = count_in_time(domain)
        if matching is None:
            return None
        answer = {"count": matching}
        if segment.member_count and segment.target == self.target:
            path = "segment_ids" if member == "id" else f"{member}.segment_ids"
            staying = count_in_time(domain & Domain(path, "in", segment.ids))
            if staying is None:
                return None
            answer["entering"] = matching - staying
            answer["leaving"] = segment.member_count - staying
        return answer

    def _is_rolled_up(self):
        return self.roll_up == "company" and self.target == "partner"
