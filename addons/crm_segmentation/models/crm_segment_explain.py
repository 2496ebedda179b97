from dataclasses import dataclass

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from odoo.addons.crm_glossary_core import engine

from ..tools import expression as algebra
from ..tools.condition_parts import Part, from_node, join, number
from ..tools.shown_value import shown_value

#: Contacts of one company that are looked at.
MOST_SUBJECTS = 200
#: Key of the whole rule, beside those of its parts.
WHOLE = -1


@dataclass
class _PartCriterion(engine.Criterion):
    """A part of the conditions, parsed already."""

    part: Domain = Domain.TRUE

    def parse(self, env):
        return self.part


class CrmSegment(models.Model):
    """Why somebody is in a segment, or is not: condition by condition.

    What holds is worked out by the engine, as a refresh does; only the words are made
    here.
    """

    _inherit = "crm.segment"

    # === ACTION METHODS === #
    def action_explain(self):
        """Open the dialog that says why somebody is in the segment, or is not."""
        self.ensure_one()
        self.check_access("read")
        return self._open_explanation()

    def _open_explanation(self, record=None):
        return {
            "type": "ir.actions.client",
            "tag": "crm_segmentation.explain",
            "name": self.env._("Why in “%(name)s”?", name=self.display_name),
            "target": "new",
            "params": {
                "segment_id": self.id,
                "model": self.model_name,
                "record_id": record.id if record else False,
            },
            "context": {"dialog_size": "medium"},
        }

    # === BUSINESS METHODS === #
    def explain(self, record_id):
        """Say why a contact or lead is a member of the segment, or is not.

        :param int record_id: a contact or lead that the user may read
        :return: dict with ``name`` (of the record), ``segment``, ``member`` (whether
            it is one now), ``since`` and ``reason`` (of the last stay, as texts, or
            ``False``), ``evaluated_at`` (the segment's last refresh as text, or
            ``False``), ``text`` (the answer in one sentence), ``notes`` (sentences) and
            ``tree`` (see :meth:`_draw_part`; ``False`` without conditions)
        :raise AccessError: for a segment or a record that the user may not read
        :raise UserError: the record is gone
        """
        self.ensure_one()
        self.check_access("read")
        record = self._get_explained(record_id)
        stay = self._get_last_stay(record)
        result = {
            "name": record.display_name,
            "segment": self.display_name,
            "member": bool(stay) and not stay.date_to,
            "since": self._tell_moment(stay.date_from),
            "reason": self._tell_selection(stay, "reason_in"),
            "evaluated_at": self._tell_moment(self.refreshed_at),
            "text": "",
            "notes": [],
            "tree": False,
        }
        if self.kind == "manual":
            result["text"] = self._tell_manual(record, stay)
            return result
        try:
            return result | self._explain_rule(record, result["member"])
        except engine.CriterionError as error:
            problem = str(error)
        except (psycopg2.DataError, psycopg2.ProgrammingError):
            problem = self.env._("The database refuses a value in the conditions.")
        return result | {
            "text": self.env._("The rule does not work at present."),
            "notes": [problem],
        }

    @api.model
    def get_segments_of(self, model_name, record_id):
        """Return the segments that a contact or lead is in, the latest first.

        :param str model_name: "res.partner" or "crm.lead"
        :return: list of dicts ``segment_id``, ``name``, ``color``, ``since`` and
            ``reason`` (texts)
        :raise AccessError: for a record that the user may not read
        """
        self.browse().check_access("read")
        targets = {"res.partner": "partner_id", "crm.lead": "lead_id"}
        if self._read_text(model_name) not in targets:
            raise UserError(self.env._("Only contacts and leads are in segments."))
        record = self.env[model_name].browse(self._read_ids(record_id)).exists()
        record.check_access("read")
        stays = self.env["crm.segment.member"].search(
            [
                (targets[model_name], "in", record.ids),
                ("date_to", "=", False),
                ("segment_id.active", "=", True),
            ]
        )
        return [
            {
                "segment_id": stay.segment_id.id,
                "name": stay.segment_id.display_name,
                "color": stay.segment_id.color,
                "since": self._tell_moment(stay.date_from),
                "reason": self._tell_selection(stay, "reason_in"),
            }
            for stay in stays
        ]

    def _get_explained(self, record_id):
        ids = self._read_ids(record_id)[:1]
        record = self.env[self.model_name].browse(ids).exists()
        if not record:
            raise UserError(self.env._("This record is no longer there."))
        record.ensure_one().check_access("read")
        return record

    def _get_last_stay(self, record):
        return self.env["crm.segment.member"].search(
            [("segment_id", "=", self.id), (record._segment_column, "=", record.id)],
            order="date_to DESC NULLS FIRST, id DESC",
            limit=1,
        )

    # Conditions

    def _explain_rule(self, record, is_member):
        criterion = self.sudo()._prepare_criterion()
        if criterion.error:
            raise engine.CriterionError(criterion.error)
        root = self._take_apart(criterion)
        subject, matches = self._hold_against(root, criterion, record)
        return {
            "text": self._tell_answer(root, record, subject, matches, is_member),
            "notes": list(self._note_about(root, record, subject, matches, is_member)),
            "tree": self._draw_part(root, subject, root.find_culprits()),
        }

    def _take_apart(self, criterion):
        """Return all conditions of the segment as one tree of parts."""
        if self.kind == "expression":
            rule = self._take_expression_apart(algebra.parse(self.expression or ""))
        else:
            author = engine.system_model(self.env, criterion).env
            domain = engine.parse(author, self._get_rule_domain(), criterion.uid)
            rule = from_node(engine.describe_tree(self.env, criterion.model, domain))
        parts = []
        if criterion.company_id:
            text = self.env._(
                "Belongs to %(company)s or to all companies",
                company=self.company_id.sudo().name,
            )
            company = Domain("company_id", "in", [criterion.company_id, False])
            parts.append(Part("leaf", company, text, "company_id"))
        if self.parent_id:
            parts.append(self._make_segment_part(self.parent_id))
        return number(join(*parts, rule))

    def _take_expression_apart(self, tree):
        if tree.kind == "name":
            return self._make_segment_part(self._find_operands(tree))
        children = [self._take_expression_apart(child) for child in tree.children]
        if tree.kind == "not":
            return Part("not", ~children[0].domain, children=children)
        if tree.kind == "and":
            return join(*children)
        domain = Domain.OR([child.domain for child in children])
        return Part("any", domain, children=children)

    def _make_segment_part(self, segment):
        return Part(
            "segment",
            Domain("segment_ids", "in", segment.ids),
            self.env._("in “%(name)s”", name=segment.sudo().name),
            segment_id=segment.id,
        )

    def _hold_against(self, root, criterion, record):
        """Note in each part whether it holds.

        :return: the record that was looked at (of a company that counts for its
            contacts, the one that fits best), and whether ``record`` matches the rule
        """
        subjects = self._get_subjects(criterion, record)
        parts = {
            key: _PartCriterion(
                key=key,
                model=criterion.model,
                company_id=criterion.company_id,
                active_test=False,
                uid=criterion.uid,
                part=part.domain,
            )
            for key, part in enumerate(root.walk())
        }
        found = engine.matching(self.env, parts.values(), subjects.ids)
        criterion.key = WHOLE
        whole = engine.matching(self.env, [criterion], record.ids)[WHOLE]
        for one in [criterion, *parts.values()]:
            if one.error:
                raise engine.CriterionError(one.error)
        subject = max(
            subjects, key=lambda s: (s.id in found[0], self._count_held(found, s))
        )
        for key, part in enumerate(root.walk()):
            part.ok = subject.id in found[key]
        return subject, bool(whole)

    @api.model
    def _count_held(self, found, subject):
        return sum(subject.id in ids for ids in found.values())

    def _get_subjects(self, criterion, record):
        if not criterion.member:
            return record
        others = record.with_context(active_test=True).search(
            [(criterion.member, "=", record.id), ("id", "!=", record.id)],
            limit=MOST_SUBJECTS,
        )
        return record | others

    # Words

    def _draw_part(self, part, subject, culprits):
        """Return a part for the screen.

        :return: dict ``kind``, ``ok``, ``text``, ``value`` (what was seen, or
            ``False``), ``number``, ``excludes`` (it keeps the record out),
            ``segment_id`` (of another segment, or ``False``) and ``children``
        """
        return {
            "kind": part.kind,
            "ok": part.ok,
            "text": part.text,
            "value": self._tell_value(part, subject),
            "number": part.number,
            "excludes": part in culprits,
            "segment_id": part.segment_id,
            "children": [
                self._draw_part(child, subject, culprits) for child in part.children
            ],
        }

    def _tell_value(self, part, subject):
        if part.kind == "segment":
            return self.env._("a member") if part.ok else self.env._("not a member")
        if not part.path:
            return False
        value = shown_value(subject, part.path)
        return self.env._("(not for you to see)") if value is None else value or "–"

    def _tell_answer(self, root, record, subject, matches, is_member):
        culprits = root.find_culprits()
        name = subject.display_name
        if matches:
            if is_member:
                return self.env._("%(name)s matches all that is asked for.", name=name)
            return self.env._("%(name)s matches, but is no member yet.", name=name)
        if not culprits and not record.active:
            return self.env._("%(name)s is archived.", name=record.display_name)
        if len(culprits) == 1:
            [part] = culprits
            value = self._tell_value(part, subject)
            if value:
                return self.env._(
                    "Condition %(number)s excludes %(name)s: %(text)s (it is: "
                    "%(value)s).",
                    number=part.number,
                    name=name,
                    text=part.text,
                    value=value,
                )
            return self.env._(
                "Condition %(number)s excludes %(name)s: %(text)s.",
                number=part.number,
                name=name,
                text=part.text,
            )
        if culprits:
            return self.env._(
                "Conditions %(numbers)s exclude %(name)s.",
                numbers=", ".join(str(part.number) for part in culprits),
                name=name,
            )
        return self.env._("%(name)s does not match.", name=name)

    def _note_about(self, root, record, subject, matches, is_member):
        """Yield what else decides, or differs from the stored members."""
        if subject != record:
            yield self.env._(
                "A company is a member for its contacts: %(name)s fits best.",
                name=subject.display_name,
            )
        if root.ok and not matches and not record.active:
            yield self.env._("Archived records are in no segment by a rule.")
        if is_member and not matches:
            yield self.env._(
                "Still a member: the segment has not been refreshed since this changed."
            )
        if matches and not is_member:
            yield self.env._("The next refresh makes it a member.")
        if not self.active:
            yield self.env._("The segment is archived: it is not refreshed.")
        elif self.refresh_policy == "frozen" and self.refreshed_at:
            yield self.env._("The segment is frozen: its members do not change.")

    def _tell_manual(self, record, stay):
        if not stay:
            return self.env._(
                "Members are chosen by hand; nobody has added %(name)s.",
                name=record.display_name,
            )
        values = {
            "name": record.display_name,
            "date": self._tell_moment(stay.date_to or stay.date_from),
        }
        if stay.date_to:
            return self.env._("%(name)s was removed on %(date)s.", **values)
        if stay.reason_in == "imported":
            return self.env._("%(name)s came from a file on %(date)s.", **values)
        return self.env._("%(name)s was added by hand on %(date)s.", **values)

    def _tell_moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else False

    def _tell_selection(self, record, name):
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name]) or False
