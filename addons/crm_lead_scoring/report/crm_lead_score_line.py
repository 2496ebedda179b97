from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_glossary_core import engine

#: A line's id is the lead's id times this number, plus the rule's id: stable between
#: refreshes, unique, and below 2**53, the largest integer that a browser keeps exact.
LINE_FACTOR = 1 << 20


class CrmLeadScoreLine(models.Model):
    """What one rule gave to one lead: the breakdown of its score, unfolded for reading.

    Nothing is stored here: the lines stand as arrays in the score's own row, so that
    their sum is the total by construction. A line whose rule was deleted stays, with
    its points and without a rule, until the next refresh takes both away.
    """

    _name = "crm.lead.score.line"
    _description = "Lead Score Line"
    _auto = False
    _log_access = False
    _order = "points desc, id"
    _rec_name = "rule_id"
    _depends = {
        "crm.lead.score": ["total"],
        "crm.lead.score.rule": ["axis", "sequence"],
    }

    # === DEFAULTS === #

    def _selection_axis(self):
        axis = self.env["crm.lead.score.rule"]._fields["axis"]
        return axis._description_selection(self.env)

    # === FIELDS === #

    lead_id = fields.Many2one("crm.lead", readonly=True)
    rule_id = fields.Many2one("crm.lead.score.rule", readonly=True)
    axis = fields.Selection(selection="_selection_axis", readonly=True)
    sequence = fields.Integer(readonly=True)
    points = fields.Integer(readonly=True)
    domain_sentence = fields.Char("Because", related="rule_id.domain_sentence")

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("rule_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.rule_id.name or self.env._("Deleted rule")

    # === CRUD METHODS === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT score.id::bigint * %(factor)s + item.criterion_id AS id,
                   score.id AS lead_id,
                   rule.id AS rule_id,
                   rule.axis AS axis,
                   rule.sequence AS sequence,
                   item.points AS points
              FROM crm_lead_score AS score
        CROSS JOIN UNNEST(score.criterion_ids, score.points)
                   AS item(criterion_id, points)
         LEFT JOIN crm_lead_score_rule AS rule ON rule.id = item.criterion_id
            """,
            factor=LINE_FACTOR,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Lines that are asked for by id are looked up in the rows of their leads.

        Without it, reading the five lines of one lead would unfold those of all.
        Changes of this transaction are scored first.
        """
        engine.pending.run(self.env)
        domain = Domain(domain)
        leaves = list(domain)
        if len(leaves) == 1 and leaves[0][0] == "id" and leaves[0][1] == "in":
            leads = {line_id // LINE_FACTOR for line_id in leaves[0][2] if line_id}
            domain &= Domain("lead_id", "in", list(leads))
        return super()._search(domain, *args, **kwargs)
