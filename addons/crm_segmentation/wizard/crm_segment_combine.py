from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmSegmentCombine(models.TransientModel):
    """A new segment that is made of others."""

    _name = "crm.segment.combine"
    _description = "Combine Segments"

    # === FIELDS === #
    segment_ids = fields.Many2many("crm.segment", string="Segments", required=True)
    operation = fields.Selection(
        [
            ("union", "In any of them"),
            ("intersection", "In all of them"),
            ("difference", "In the first, but in none of the others"),
        ],
        string="Members",
        required=True,
        default="intersection",
    )
    first_id = fields.Many2one(
        "crm.segment",
        string="First",
        compute="_compute_first_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', segment_ids)]",
    )
    name = fields.Char(
        required=True, compute="_compute_name", store=True, readonly=False
    )
    expression = fields.Char(compute="_compute_expression")
    member_count = fields.Integer(string="Members Now", compute="_compute_member_count")

    # === COMPUTE METHODS === #
    @api.depends("segment_ids")
    def _compute_first_id(self):
        for wizard in self:
            if wizard.first_id not in wizard.segment_ids:
                wizard.first_id = wizard.segment_ids[:1]

    @api.depends("segment_ids", "operation", "first_id")
    def _compute_expression(self):
        for wizard in self:
            codes = wizard.segment_ids.mapped("code")
            if wizard.operation == "difference":
                first = wizard.first_id or wizard.segment_ids[:1]
                rest = [code for code in codes if code != first.code]
                wizard.expression = " and not ".join([first.code or "", *rest])
            else:
                word = " or " if wizard.operation == "union" else " and "
                wizard.expression = word.join(codes)

    @api.depends("segment_ids", "operation", "first_id")
    def _compute_name(self):
        words = {
            "union": self.env._("or"),
            "intersection": self.env._("and"),
            "difference": self.env._("without"),
        }
        for wizard in self:
            segments = wizard.segment_ids
            if wizard.operation == "difference":
                segments = wizard.first_id | segments
            word = words.get(wizard.operation, "")
            wizard.name = f" {word} ".join(segments.mapped("name"))[:100]

    @api.depends("segment_ids", "operation", "first_id")
    def _compute_member_count(self):
        for wizard in self:
            segments = wizard.segment_ids._origin
            sets = segments._get_member_sets() if segments else {}
            wizard.member_count = len(wizard._combine(sets)) if sets else 0

    def _combine(self, sets):
        if self.operation == "union":
            return set.union(*sets.values())
        if self.operation == "intersection":
            return set.intersection(*sets.values())
        first = sets[(self.first_id or self.segment_ids[:1])._origin.id]
        others = [
            members for key, members in sets.items() if key != self.first_id._origin.id
        ]
        return first.difference(*others)

    # === CRUD METHODS === #
    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "crm.segment":
            chosen = self.env.context.get("active_ids") or []
            values.setdefault("segment_ids", [Command.set(chosen)])
        return values

    # === ACTION METHODS === #
    def action_create(self):
        """Make the segment, fill it and open it.

        :raise UserError: the segments have members of different kinds
        """
        self.ensure_one()
        self.check_access("write")
        if not self.name:
            raise UserError(self.env._("The new segment needs a name."))
        self.segment_ids._check_comparable()
        segment = self.env["crm.segment"].create(
            {
                "name": self.name,
                "kind": "expression",
                "target": self.segment_ids[0].target,
                "expression": self.expression,
                "company_id": self.segment_ids.company_id[:1].id,
                "note": self.env._(
                    "Made of: %(names)s",
                    names=", ".join(self.segment_ids.mapped("name")),
                ),
            }
        )
        segment.refresh()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.segment",
            "res_id": segment.id,
            "views": [(False, "form")],
        }
