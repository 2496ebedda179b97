from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmSegment(models.Model):
    """Segments that refine others, and the order in which they are refreshed."""

    _inherit = "crm.segment"
    _parent_name = "parent_id"

    # === FIELDS === #
    parent_id = fields.Many2one(
        "crm.segment",
        string="Refines",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('target', '=', target), ('id', '!=', id)]",
        help="Members are members of this segment, too, and match the rule besides.",
    )
    child_ids = fields.One2many("crm.segment", "parent_id", string="Refined By")

    # === COMPUTE METHODS === #
    @api.depends("parent_id.name")
    def _compute_domain_sentence(self):
        result = super()._compute_domain_sentence()
        for segment in self.filtered("parent_id"):
            segment.domain_sentence = self.env._(
                "in “%(name)s”, and %(rest)s",
                name=segment.parent_id.name,
                rest=segment.domain_sentence or "…",
            )
        return result

    # === CONSTRAINTS === #
    @api.constrains("parent_id", "target", "kind")
    def _check_parent(self):
        for segment in self.filtered("parent_id"):
            if segment.parent_id.target != segment.target:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has members of another kind: contacts and leads do"
                        " not mix.",
                        name=segment.parent_id.name,
                    )
                )
            if segment.kind == "manual":
                raise ValidationError(
                    self.env._("A segment that is kept by hand refines no other.")
                )
            problem = segment._get_cycle_problem(segment.parent_id)
            if problem:
                raise ValidationError(problem)

    # === CRUD METHODS === #
    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self._mark_due(rule_changed=True)
        return result

    # === BUSINESS METHODS === #
    def _get_cycle_problem(self, bases):
        """Return a sentence if one of ``bases`` rests on this segment, or ``False``."""
        self.ensure_one()
        segment_id = self._origin.id or self.id
        if not segment_id:
            return False
        level = bases.sudo().with_context(active_test=False)
        came_from = dict.fromkeys(level.ids)
        while level:
            further = level.browse()
            for current in level:
                if current.id == segment_id:
                    return self._tell_cycle(came_from, current.id)
                for base in current._get_bases():
                    if base.id not in came_from:
                        came_from[base.id] = current.id
                        further += base
            level = further
        return False

    def _get_bases(self):
        """Return the segments that this one rests on directly."""
        return self.operand_ids | self.parent_id

    def _tell_cycle(self, came_from, current):
        path = [current]
        while came_from[path[-1]]:
            path.append(came_from[path[-1]])
        names = {s.id: s.name for s in self.sudo().browse(path)}
        chain = [names[key] for key in [current, *reversed(path)]]
        if len(chain) > 7:
            chain[3:-2] = ["…"]
        return self.env._(
            "A segment cannot rest on itself: %(path)s.", path=" → ".join(chain)
        )

    @api.model
    def _get_graph(self):
        """Return what each segment rests on: ``{id: ids}``; only those that do."""
        segments = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                ["|", ("parent_id", "!=", False), ("operand_ids", "!=", False)],
                ["parent_id", "operand_ids"],
            )
        )
        return {
            segment.id: [*segment.operand_ids.ids, *segment.parent_id.ids]
            for segment in segments
        }

    # === HOOKS === #
    def _get_effective_domain(self):
        domain = super()._get_effective_domain()
        if not self.parent_id:
            return domain
        # Conditions that stand side by side hold together.
        inner = (domain or "").strip()[1:-1]
        return f"[('segment_ids', 'in', [{self.parent_id.id}]), {inner}]"

    def _prepare_criterion(self):
        criterion = super()._prepare_criterion()
        parent = self.parent_id
        if parent and not parent.active:
            criterion.error = self.env._(
                "“%(name)s”, which it refines, is archived.", name=parent.name
            )
        return criterion

    def _in_refresh_order(self):
        graph = self._get_graph()
        ordered, seen = [], set()

        def visit(segment_id):
            stack = [(segment_id, iter(graph.get(segment_id, ())))]
            seen.add(segment_id)
            while stack:
                current, bases = stack[-1]
                base = next((base for base in bases if base not in seen), None)
                if base is None:
                    ordered.append(current)
                    stack.pop()
                else:
                    seen.add(base)
                    stack.append((base, iter(graph.get(base, ()))))

        for segment in self.sorted("id"):
            if segment.id not in seen:
                visit(segment.id)
        mine = set(self.ids)
        return self.browse([key for key in ordered if key in mine])

    def _get_dependents(self):
        """Return active segments that rest on these, directly or through others."""
        graph = self._get_graph()
        users = {}
        for segment_id, bases in graph.items():
            for base in bases:
                users.setdefault(base, []).append(segment_id)
        found, todo = set(), list(self.ids)
        while todo:
            for user in users.get(todo.pop(), ()):
                if user not in found:
                    found.add(user)
                    todo.append(user)
        dependents = self.sudo().browse(found - set(self.ids)).filtered("active")
        return (super()._get_dependents() | dependents) - self
