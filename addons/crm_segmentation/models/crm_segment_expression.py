from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools import expression as algebra
from ..tools.identifier import identifier


class CrmSegment(models.Model):
    """Segments that are made of others: ``key_accounts and not churned``."""

    _inherit = "crm.segment"

    # === FIELDS === #
    code = fields.Char(
        string="Short Name",
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        tracking=True,
        help="What expressions call the segment: small Latin letters, digits and _.",
    )
    expression = fields.Char(
        tracking=True,
        help="Short names of segments with and, or, not and brackets, such as:"
        " key_accounts and (b2b or partners) and not churned",
    )
    operand_ids = fields.Many2many(
        "crm.segment",
        relation="crm_segment_operand_rel",
        column1="segment_id",
        column2="operand_id",
        string="Made Of",
        readonly=True,
        copy=False,
        help="The segments that the expression names.",
    )
    used_in_ids = fields.Many2many(
        "crm.segment",
        relation="crm_segment_operand_rel",
        column1="operand_id",
        column2="segment_id",
        string="Used In",
        readonly=True,
        copy=False,
    )
    expression_problem = fields.Char(compute="_compute_expression_problem")

    _code_unique = models.UniqueIndex(
        "(code)", "Another segment has this short name already."
    )
    _code_form = models.Constraint(
        "CHECK (code ~ '^[a-z_][a-z0-9_]*$')",
        "A short name has small Latin letters, digits and _, and begins with no digit.",
    )

    # === COMPUTE METHODS === #
    @api.depends("name")
    def _compute_code(self):
        taken = set()
        for segment in self.filtered(lambda segment: not segment.code):
            if not segment.name:
                segment.code = False
                continue
            base = identifier(segment.name)
            segment.code = self._get_free_code(base, taken)
            taken.add(segment.code)

    @api.model
    def _get_free_code(self, base, taken=()):
        """Return ``base``, with a number if another segment has it."""
        segments = self.sudo().with_context(active_test=False)
        used = {
            segment.code
            for segment in segments.search_fetch(
                [("code", "=like", f"{base}%")], ["code"]
            )
        }
        used |= set(taken)
        code, number = base, 1
        while code in used or code in algebra.RESERVED:
            number += 1
            code = f"{base}_{number}"
        return code

    @api.depends("kind", "expression", "target", "company_id")
    def _compute_expression_problem(self):
        for segment in self:
            segment.expression_problem = (
                segment.kind == "expression" and segment._get_expression_problem()
            )

    @api.depends("expression")
    def _compute_domain_sentence(self):
        made = self.filtered(lambda segment: segment.kind == "expression")
        for segment in made:
            segment.domain_sentence = segment._describe_expression()
        return super(CrmSegment, self - made)._compute_domain_sentence()

    # === CONSTRAINTS === #
    @api.constrains("kind", "expression", "target", "company_id")
    def _check_expression(self):
        for segment in self.filtered(lambda segment: segment.kind == "expression"):
            problem = segment._get_expression_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(problem)s", name=segment.name, problem=problem
                    )
                )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._store_operands()
        if len(segments) > 1:
            # Those that were made together may name each other in a circle.
            segments._check_no_circle()
        return segments

    def write(self, vals):
        before = {segment: segment.code for segment in self} if "code" in vals else {}
        result = super().write(vals)
        for segment, code in before.items():
            if segment.code and code != segment.code:
                segment._rename_in_expressions(code)
        if vals.keys() & {"expression", "kind"}:
            self._store_operands()
            self._mark_due(rule_changed=True)
        elif vals.keys() & {"active", "company_id"}:
            # What is made of an archived segment says so, instead of losing members.
            users = self.sudo().used_in_ids
            users.filtered("active")._mark_due()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_operand(self):
        users = self.sudo().with_context(active_test=False).used_in_ids - self
        if users:
            raise UserError(
                self.env._(
                    "“%(name)s” is made of this segment: change its expression first.",
                    name=users[0].name,
                )
            )

    def _check_no_circle(self):
        for segment in self:
            bases = segment.sudo().with_context(active_test=False)._get_bases()
            if problem := segment._get_cycle_problem(bases):
                raise ValidationError(problem)

    def _store_operands(self):
        """Keep which segments an expression names."""
        for segment in self:
            operands = self.browse()
            if segment.kind == "expression" and segment.expression:
                operands = segment._find_operands(algebra.parse(segment.expression))
            if segment.sudo().operand_ids != operands:
                segment.sudo().operand_ids = [Command.set(operands.ids)]

    def _rename_in_expressions(self, old):
        """Say the new short name wherever an expression says the old one."""
        self.ensure_one()
        users = self.sudo().with_context(active_test=False).used_in_ids
        for user in users:
            user.expression = algebra.rename(user.expression, old, self.code)

    # === BUSINESS METHODS === #
    @api.model
    def check_expression(
        self, expression, target="partner", segment_id=False, company_id=None
    ):
        """Read an expression as somebody types it.

        :param segment_id: whose expression it is, once it is saved
        :param company_id: chosen for it; ``None`` if the form does not say
        :return: ``{"problem": text or False, "position": number or False,
            "sentence": text or False}``
        """
        self.check_access("read")
        origin = self.browse(self._read_ids(segment_id)[:1]).exists()
        origin.check_access("read")
        draft = self.new({"kind": "expression", "target": target}, origin=origin)
        draft.expression = expression = self._read_text(expression)
        if company_id is not None:
            ids = self._read_ids(company_id)[:1]
            draft.company_id = self.env["res.company"].browse(ids).exists()
        problem = draft._get_expression_problem()
        position = False
        try:
            algebra.parse(expression)
        except algebra.ExpressionError as error:
            position = error.position
        return {
            "problem": problem or False,
            "position": position,
            "sentence": False if problem else draft._describe_expression(),
        }

    def _get_expression_problem(self):
        """Return why the expression does not work, or ``False``."""
        self.ensure_one()
        try:
            tree = algebra.parse(self.expression or "")
        except algebra.ExpressionError as error:
            return self._tell_expression_error(error)
        operands = self._find_operands(tree).grouped("code")
        for name, position in tree.names():
            operand = operands.get(name)
            if not operand:
                return self.env._(
                    "No segment is called “%(name)s” (character %(position)s).",
                    name=name,
                    position=position,
                )
            if operand.target != self.target:
                return self.env._(
                    "“%(name)s” (character %(position)s) has members of another kind:"
                    " contacts and leads do not mix.",
                    name=name,
                    position=position,
                )
            if operand.company_id and operand.company_id != self.company_id:
                return self.env._(
                    "“%(name)s” (character %(position)s) belongs to another company"
                    " than this segment.",
                    name=name,
                    position=position,
                )
            if not operand.active:
                return self.env._(
                    "“%(name)s” (character %(position)s) is archived.",
                    name=name,
                    position=position,
                )
        return self._get_cycle_problem(self._find_operands(tree))

    def _tell_expression_error(self, error):
        told = {
            "empty": self.env._("Name at least one segment."),
            "long": self.env._("The expression is too long."),
            "deep": self.env._("There are too many brackets in each other."),
            "sign": self.env._(
                "“%(text)s” (character %(position)s) means nothing here.",
                text=error.text,
                position=error.position,
            ),
            "name": self.env._(
                "A segment's short name is missing at character %(position)s.",
                position=error.position,
            ),
            "operator": self.env._(
                "“and”, “or” or “and not” is missing at character %(position)s.",
                position=error.position,
            ),
            "open": self.env._(
                "The bracket at character %(position)s is not closed.",
                position=error.position,
            ),
            "close": self.env._(
                "The bracket at character %(position)s was never opened.",
                position=error.position,
            ),
        }
        return told[error.code]

    def _find_operands(self, tree):
        """Return the segments that an expression names, archived ones too.

        Of those that the user may see: others are as good as none.
        """
        names = {name for name, _position in tree.names()}
        segments = self.with_context(active_test=False)
        return segments.search([("code", "in", list(names))])

    def _describe_expression(self):
        """Return the expression as a sentence with the names of the segments."""
        self.ensure_one()
        try:
            tree = algebra.parse(self.expression or "")
        except algebra.ExpressionError:
            return ""
        names = {segment.code: segment.name for segment in self._find_operands(tree)}
        return self._spell(tree, names, is_top=True)

    def _spell(self, node, names, is_top=False):
        if node.kind == "name":
            name = names.get(node.name, node.name)
            return self.env._("in “%(name)s”", name=name)
        if node.kind == "not":
            [child] = node.children
            if child.kind == "name":
                name = names.get(child.name, child.name)
                return self.env._("not in “%(name)s”", name=name)
            return self.env._("not (%(part)s)", part=self._spell(child, names, True))
        parts = [self._spell(child, names) for child in node.children]
        word = self.env._("and") if node.kind == "and" else self.env._("or")
        text = f" {word} ".join(parts)
        return text if is_top else f"({text})"

    # === HOOKS === #
    def _prepare_criterion(self):
        criterion = super()._prepare_criterion()
        if self.kind == "expression":
            # An operand that is gone leaves the members as they were, and says so.
            criterion.error = self._get_expression_problem() or None
        return criterion

    def _get_effective_domain(self):
        if self.kind != "expression":
            return super()._get_effective_domain()
        try:
            tree = algebra.parse(self.expression or "")
        except algebra.ExpressionError:
            return "[(0, '=', 1)]"
        ids = {segment.code: segment.id for segment in self._find_operands(tree)}
        return str(
            tree.to_domain(lambda name: ("segment_ids", "in", [ids.get(name, 0)]))
        )
