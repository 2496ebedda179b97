from odoo import fields, models


class DigestDigest(models.Model):
    """Odoo's digest e-mail, with KPIs of the glossary in it."""

    _inherit = "digest.digest"

    # === FIELDS === #
    crm_kpi_ids = fields.Many2many(
        "crm.kpi",
        string="CRM KPIs",
        help="Shown to recipients who have chosen none for themselves in their"
        " preferences. Everybody sees the numbers of the records they may see.",
    )

    # === BUSINESS METHODS === #
    def _compute_kpis(self, company, user):
        """Add the recipient's KPIs, computed with the recipient's rights."""
        lines = super()._compute_kpis(company, user)
        kpis = self.env["crm.kpi"].with_user(user).with_company(company)
        kpis = kpis.with_context(
            allowed_company_ids=company.ids, lang=user.lang, tz=user.tz
        )
        if not kpis.has_access("read"):
            return lines
        chosen = user.sudo().crm_digest_kpi_ids or self.sudo().crm_kpi_ids
        kpis = kpis.search([("id", "in", chosen.ids)])
        columns = [
            (
                title,
                kpis._get_values(*map(_to_utc, now)),
                kpis._get_values(*map(_to_utc, before)),
            )
            for title, (now, before) in self._compute_timeframes(company)
        ]
        for kpi in kpis:
            if line := kpi._prepare_digest_line(columns):
                lines.append(line)
        return lines


def _to_utc(moment):
    """A moment of the digest (UTC written in the company's zone) as naive UTC."""
    return moment.replace(tzinfo=None) if moment.tzinfo else moment
