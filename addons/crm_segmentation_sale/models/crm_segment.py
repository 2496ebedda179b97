import ast

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: Whoever gets which pricelist follows from these.
PRICED = {"pricelist_id", "pricelist_from", "active", "priority", "is_paused"}


class CrmSegment(models.Model):
    """Conditions on purchases are part of the rule; members may get a pricelist."""

    _inherit = "crm.segment"

    # === FIELDS === #
    # purchases
    purchase_ids = fields.One2many(
        "crm.segment.purchase",
        "segment_id",
        string="Purchase Conditions",
        copy=True,
        help="What members must have ordered or been invoiced, beside the rule.",
    )
    # pricelist
    pricelist_id = fields.Many2one(
        "product.pricelist",
        tracking=True,
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The pricelist of members as long as they are members. Of several"
        " segments with a pricelist, the first in the order of segments wins.",
    )
    pricelist_from = fields.Datetime(
        string="For Members Since",
        readonly=True,
        copy=False,
        help="Only who became a member after this gets the pricelist. Empty: all.",
    )
    pricelist_user_id = fields.Many2one(
        "res.users",
        string="Pricelist Given By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Customers get the pricelist in the companies where this person works.",
    )
    pricelist_count = fields.Integer(
        string="Customers With It", compute="_compute_pricelist_count"
    )
    pricelist_won_text = fields.Char(
        string="Others Come First",
        compute="_compute_pricelist_won_text",
        help="Segments whose pricelist members of this one have instead, and how many.",
    )

    # === COMPUTE METHODS === #
    def _compute_pricelist_count(self):
        counts = dict(
            self.env["crm.segment.pricelist.claim"]._read_group(
                [("segment_id", "in", self.ids), ("error_message", "=", False)],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.pricelist_count = counts.get(segment._origin, 0)

    @api.depends("pricelist_id", "priority")
    def _compute_pricelist_won_text(self):
        for segment in self:
            has_one = bool(segment.pricelist_id and segment._origin)
            segment.pricelist_won_text = has_one and segment._tell_who_won()

    def _tell_who_won(self):
        """Return how many members have the pricelist of a segment that comes first."""
        people = Domain("partner_id.segment_ids", "in", self._origin.ids)
        people |= Domain("partner_id.child_ids.segment_ids", "in", self._origin.ids)
        if self.target == "lead":
            people = Domain(
                "partner_id.opportunity_ids.segment_ids", "in", self._origin.ids
            )
        rows = self.env["crm.segment.pricelist.claim"]._read_group(
            Domain("segment_id", "not in", [False, self._origin.id]) & people,
            ["segment_id"],
            ["__count"],
            order="__count DESC",
        )
        texts = [
            self.env._("“%(name)s” (%(count)s)", count=count, name=segment.name)
            for segment, count in rows[:3]
        ]
        return ", ".join(texts)

    # === CONSTRAINT METHODS === #
    @api.constrains("pricelist_id", "company_id")
    def _check_pricelist_company(self):
        # A segment of all companies may have one company's pricelist.
        for segment in self:
            company = segment.pricelist_id.company_id
            if company and segment.company_id and company != segment.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(pricelist)s” belongs to another company than the segment.",
                        pricelist=segment.pricelist_id.display_name,
                    )
                )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._sign_pricelist(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._sign_pricelist(vals)
        result = super().write(vals)
        if vals.keys() & {
            "pricelist_id",
            "pricelist_from",
            "active",
            "priority",
            "is_paused",
        }:
            self.env["crm.segment.pricelist.claim"]._request()
        return result

    # === ACTION METHODS === #
    def action_preview_pricelist(self):
        """Open what a pricelist would change for the members, to give it to them."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pricelist for %(name)s", name=self.display_name),
            "res_model": "crm.segment.pricelist.preview",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_segment_id": self.id,
                "default_pricelist_id": self.pricelist_id.id,
            },
        }

    def action_stop_pricelist(self):
        """Take the pricelist from the members: what they had before comes back."""
        self.ensure_one()
        self.check_access("write")
        self.pricelist_id = False

    def action_view_pricelist_claims(self):
        """Open the customers who have the pricelist because of the segment."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pricelist for %(name)s", name=self.display_name),
            "res_model": "crm.segment.pricelist.claim",
            "view_mode": "list",
            "domain": [("segment_id", "=", self.id)],
        }

    # === BUSINESS METHODS - PURCHASES === #
    def _purchases_changed(self):
        """Have the members worked out anew: the rule is another one."""
        segments = self.exists()
        segments.error_message = False
        segments._mark_due(rule_changed=True)
        self.env.registry.clear_cache()

    def _get_rule_domain(self):
        """Add the conditions on purchases: each mandatory one, any optional one."""
        text = super()._get_rule_domain()
        # While a form is edited, those of the last time it was saved.
        conditions = self.purchase_ids._origin
        if self.kind != "rule" or not conditions:
            return text
        path = "segment_purchase_ids"
        if self.target == "lead":
            path = f"partner_id.{path}"
        optional = conditions.filtered(
            lambda condition: condition.requirement == "optional"
        )
        leaves = [(path, "in", [line.id]) for line in conditions - optional]
        leaves += ["|"] * (len(optional) - 1)
        leaves += [(path, "in", [line.id]) for line in optional]
        return _append(text, leaves)

    def _describe(self):
        if self.kind != "rule" or not self.purchase_ids:
            return super()._describe()
        try:
            domain = engine.parse(self.env, self._get_rule_domain())
        except engine.CriterionError as error:
            return str(error)
        return engine.describe(self.env, self.model_name, domain)

    def _tell_value(self, part, subject):
        *links, name = (part.path or "").split(".")
        if name != "segment_purchase_ids":
            return super()._tell_value(part, subject)
        partner = subject.mapped(".".join(links)) if links else subject
        texts = self._get_purchases_of(part)._tell_measured(partner)
        return ", ".join(texts) or self.env._("(not for you to see)")

    def _get_purchases_of(self, part):
        """Return the conditions on purchases that a part of the rule names."""
        ids = set()
        for condition in part.domain.iter_conditions():
            value = condition.value
            ids.update(value if isinstance(value, list | tuple | set) else [value])
        found = self.env["crm.segment.purchase"].browse(
            [key for key in ids if isinstance(key, int) and key]
        )
        return found.exists()

    # === BUSINESS METHODS - PRICELIST === #
    @api.model
    def _sign_pricelist(self, vals):
        """Add who gives the pricelist: it has to be one that they may see."""
        if self.env.su or not vals.keys() & {"pricelist_id", "pricelist_user_id"}:
            return vals
        pricelist = self.env["product.pricelist"].browse(vals.get("pricelist_id") or [])
        pricelist.check_access("read")
        return {**vals, "pricelist_user_id": self.env.uid}

    def _is_given_in(self, company):
        """Whether whoever gave the pricelist works in the company."""
        giver = self.pricelist_user_id
        return giver.id in (False, SUPERUSER_ID) or company in giver.company_ids

    def _get_foreign_customers(self, company, ids):
        """Return those of the ids that are another company's."""
        # As in Odoo's own rule: a branch sees the contacts of its parents.
        seen = [*company.parent_ids.ids, False]
        customers = self.env["res.partner"].with_context(active_test=False)
        return customers.search([("id", "in", ids), ("company_id", "not in", seen)]).ids

    def _are_pricelists_paused(self, company):
        """Whether nothing is given or taken now, as with the segments' actions."""
        return company.segment_actions_paused or any(self.mapped("is_paused"))

    def _forget_members(self, target):
        result = super()._forget_members(target)
        claims = self.env["crm.segment.pricelist.claim"]
        asked = [("pricelist_id", "!=", False), ("target", "=", target)]
        if self.env["crm.segment"].sudo().search_count(asked, limit=1):
            claims._request()
        elif claims.sudo().search_count([], limit=1):
            # A segment with a pricelist was deleted.
            claims._request()
        return result

    def _get_wanted_pricelists(self, company):
        """``{customer's id: segment}`` of those who are to have a segment's pricelist.

        Customers are commercial entities, as they are for Odoo's pricelists.
        """
        wanted = {}
        mine = self.filtered(
            lambda segment: segment.company_id.id in (False, company.id)
            and segment.pricelist_id.company_id.id in (False, company.id)
            and segment._is_given_in(company)
        )
        # The first in the order wins: it comes last.
        for segment in reversed(mine.sorted()):
            path = "lead_id.partner_id" if segment.target == "lead" else "partner_id"
            domain = [("segment_id", "=", segment.id), ("date_to", "=", False)]
            if segment.pricelist_from:
                domain.append(("date_from", ">=", segment.pricelist_from))
            rows = self.env["crm.segment.member"]._read_group(
                domain, [f"{path}.commercial_partner_id"]
            )
            wanted.update((customer.id, segment) for [customer] in rows if customer)
        for key in self._get_foreign_customers(company, list(wanted)):
            del wanted[key]
        return wanted


def _append(text, leaves):
    """Return a domain's text with more that must be true.

    A text that cannot be read stays as it is: the engine says what is wrong with it.
    """
    try:
        tree = ast.parse((text or "").strip() or "[]", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return text
    if not isinstance(tree, ast.List | ast.Tuple):
        return text
    # What stands side by side in a domain must all be true.
    tree.elts += ast.parse(repr(leaves), mode="eval").body.elts
    return ast.unparse(tree)
