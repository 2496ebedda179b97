from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: Characters of a name that is proposed.
LONGEST = 100


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
            name = f" {word} ".join(segments.mapped("name"))
            wizard.name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"

    @api.depends("segment_ids", "operation", "first_id")
    def _compute_member_count(self):
        for wizard in self:
            segments = wizard.segment_ids._origin
            found = segments._count_combinations() if segments else {}
            wizard.member_count = sum(
                count for ids, count in found.items() if wizard._takes(ids)
            )

    def _takes(self, ids):
        """Whether those who are in these of the segments, only, become members."""
        if self.operation == "union":
            return bool(ids)
        if self.operation == "intersection":
            return len(ids) == len(self.segment_ids)
        return ids == {(self.first_id or self.segment_ids[:1])._origin.id}

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
