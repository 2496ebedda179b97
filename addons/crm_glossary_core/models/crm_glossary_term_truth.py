import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class CrmGlossaryTruth(models.Model):
    """What is true for a term in this very database, in sentences.

    A term with the code ``x`` may have a method ``_get_truth_x``: it returns a list of
    translated sentences, made of settings and of what the reader may see. The methods
    stand in ``crm_glossary_term_truth_*.py``; an app adds to them with super().
    """

    _inherit = "crm.glossary.term"

    # === FIELDS === #
    truth = fields.Text(
        string="In This Database",
        compute="_compute_truth",
        help="What is true for this word in this database, as it is set up now.",
    )

    # === COMPUTE METHODS === #
    @api.depends("code")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_truth(self):
        for term in self:
            term.truth = "\n".join(term._get_truth()) or False

    # === BUSINESS METHODS === #
    def _get_truth(self):
        """Return the sentences that are true for the term in this database.

        A sentence that cannot be computed is left out: the card opens nevertheless.

        :return: list of texts in the reader's language
        """
        self.ensure_one()
        method = getattr(self, f"_get_truth_{self.code}", None)
        if method is None:
            return []
        try:
            with self.env.cr.savepoint(flush=False):
                return [sentence for sentence in method() if sentence]
        except Exception:
            _logger.exception("The truth about %s could not be computed", self.code)
            return []

    # === TOOLING === #
    @api.model
    def _is_installed(self, module):
        """Whether a module is installed."""
        return bool(self.env["crm.glossary.binding"]._find_module([module]))

    @api.model
    def _get_app_label(self, module):
        """Return the name of a module in the reader's language, or its code."""
        found = self.env["ir.module.module"].sudo().search([("name", "=", module)])
        return found.shortdesc or module

    @api.model
    def _is_cron_active(self, xml_id):
        """Whether a scheduled action is there and switched on."""
        cron = self.env.ref(xml_id, raise_if_not_found=False)
        return bool(cron and cron.sudo().active)

    @api.model
    def _get_parameter(self, key):
        """Return a system parameter, False if it is not set."""
        return self.env["ir.config_parameter"].sudo().get_param(key)

    @api.model
    def _has_feature(self, group):
        """Whether all internal users have a feature that a setting switches on."""
        feature = self.env.ref(group, raise_if_not_found=False)
        users = self.env.ref("base.group_user").sudo()
        return bool(feature and feature.id in users.all_implied_ids.ids)

    @api.model
    def _enumerate(self, texts, limit=5):
        """Join words to "a, b, c", the many shortened to "a, b, c and 4 more"."""
        texts = [text for text in texts if text]
        if len(texts) <= limit:
            return ", ".join(texts)
        return self.env._(
            "%(words)s and %(count)s more",
            words=", ".join(texts[:limit]),
            count=len(texts) - limit,
        )
