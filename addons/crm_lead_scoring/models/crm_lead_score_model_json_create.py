import psycopg2

from odoo import Command, api, models
from odoo.exceptions import ValidationError

from .crm_lead_score_model_json import SOURCE


class CrmLeadScoreModel(models.Model):
    """A scoring model made from a file that was read: all of it, or nothing."""

    _inherit = "crm.lead.score.model"

    # === BUSINESS METHODS === #

    @api.model
    def _from_dict(self, values, skip_broken=False, **overrides):
        """Create a scoring model from what :meth:`_to_dict` returned, or nothing.

        The model observes. It is archived when another one scores its leads already,
        unless ``active`` is among the overrides.

        :param dict values: see :mod:`..tools.model_file`
        :param bool skip_broken: leave out the rules that do not work in this database
        :param overrides: values of fields that win over those of the file
        :raise ValidationError: with all problems, in the user's words
        """
        draft = self._read_dict(values)
        return self._create_from(draft, skip_broken, overrides)

    @api.model
    def _create_from(self, draft, skip_broken=False, overrides=None):
        """Create the model of a draft; notes on what became different are added to it.

        :param draft: what :meth:`_read_dict` returned
        :param bool skip_broken: leave out the rules that do not work here
        :param dict overrides: values of fields that win over those of the file
        :raise ValidationError: with all problems, in the user's words
        """
        self.browse().check_access("create")
        overrides = overrides or {}
        if draft.problems or draft.broken and not skip_broken:
            raise ValidationError(self._describe_problems(draft))
        wanted = overrides.get("active", draft.model.vals.get("active", True))
        vals = {
            **draft.model.vals,
            "team_ids": [Command.set(draft.teams)],
            "state": "observe",
            **overrides,
            "active": False,
        }
        if draft.grades:
            vals["grade_ids"] = [Command.create(grade) for grade in draft.grades]
        try:
            with self.env.cr.savepoint():
                model = self.with_context(lang=SOURCE).create(vals)
                model._create_parts(draft)
                model.flush_recordset()
        except psycopg2.IntegrityError as error:
            raise ValidationError(self._describe_refusal(error)) from error
        model = model.with_env(self.env)
        if wanted:
            model._activate(draft, must="active" in overrides)
        return model

    def _create_parts(self, draft):
        """Create the caps and the rules that work, and translate all names."""
        self._translate_names(self, draft.model)
        caps = {}
        for key, part in draft.caps.items():
            caps[key] = self.cap_ids.create({**part.vals, "model_id": self.id})
            self._translate_names(caps[key], part)
        rules = [part for part in draft.rules if not part.problems]
        records = self.env["crm.lead.score.rule"].create(
            [
                {
                    **part.vals,
                    "model_id": self.id,
                    "cap_id": caps[part.vals["cap_id"]].id
                    if part.vals["cap_id"] is not None
                    else False,
                }
                for part in rules
            ]
        )
        for record, part in zip(records, rules, strict=True):
            self._translate_names(record, part)

    @api.model
    def _translate_names(self, record, part):
        names = {
            lang: texts["name"]
            for lang, texts in part.translations.items()
            if lang in self._get_langs() and lang != SOURCE
        }
        if names and record._fields["name"].translate and record.name == part.name:
            record.update_field_translations("name", names)

    def _activate(self, draft, must=False):
        """Let the model score, unless another one scores these leads already.

        :param bool must: somebody asked for it: the conflict is an error then
        """
        try:
            with self.env.cr.savepoint():
                self.active = True
                self.flush_recordset()
        except ValidationError as error:
            if must:
                raise
            self.invalidate_recordset(flush=False)
            draft.notes.append(
                self.env._("It is archived for now: %(reason)s", reason=error.args[0])
            )

    @api.model
    def _describe_problems(self, draft):
        """All problems of a file as one text, those of a rule with its name."""
        lines = [*draft.problems]
        for rule in draft.broken:
            lines += [
                self.env._("%(rule)s: %(problem)s", rule=rule.name, problem=problem)
                for problem in rule.problems
            ]
        return "\n".join(
            [self.env._("The scoring model cannot be created:")]
            + [f"• {line}" for line in lines]
        )

    @api.model
    def _describe_refusal(self, error):
        """What the database refused, in the words of the constraint."""
        tables = {model._table: name for name, model in self.env.registry.items()}
        name = tables.get(error.diag.table_name, self._name)
        return self.env[name]._sql_error_to_message(error)
