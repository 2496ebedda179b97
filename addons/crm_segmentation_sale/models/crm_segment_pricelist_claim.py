import logging

from odoo import api, fields, models

from odoo.addons.crm_segmentation.models.crm_segment_refresh import RETRIED
from odoo.addons.crm_segmentation.models.crm_segment_run import on_its_own

_logger = logging.getLogger(__name__)

#: Customers of one committed batch of the scheduled job.
BATCH = 100
#: Where Odoo keeps a pricelist that was chosen for a contact.
FIELD = "specific_property_product_pricelist"


class CrmSegmentPricelistClaim(models.Model):
    """A pricelist that a customer has because of a segment, and what was there before.

    Written by the scheduled job alone. Of several segments the first in their order
    wins. When none is left, what was there before comes back, unless somebody chose
    another pricelist by hand meanwhile: that one stays.
    """

    _name = "crm.segment.pricelist.claim"
    _description = "Pricelist by Segment"
    _order = "id desc"
    _log_access = False

    # === FIELDS === #
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    original_id = fields.Many2one(
        "product.pricelist",
        string="Before",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: the one that Odoo chooses, by country.",
    )
    error_message = fields.Char(string="Problem", readonly=True)

    _customer_unique = models.UniqueIndex("(partner_id, company_id)")

    # === BUSINESS METHODS === #
    @api.model
    def _get_open(self):
        """What must be done: ``[(company, customer's id, segment)]``."""
        result = []
        segments = self.env["crm.segment"].search([("pricelist_id", "!=", False)])
        claims = self.search([]).grouped("company_id")
        for company in self.env["res.company"].search([]):
            wanted = segments._get_wanted_pricelists(company)
            present = {
                claim.partner_id.id: claim for claim in claims.get(company, self)
            }
            for customer in wanted.keys() | present.keys():
                segment = wanted.get(customer, segments.browse())
                claim = present.get(customer, self)
                if (segment | claim.segment_id)._are_pricelists_paused(company):
                    continue
                done = (claim.segment_id, claim.pricelist_id)
                if claim.error_message or (segment, segment.pricelist_id) != done:
                    result.append((company, customer, segment))
        return result

    @api.model
    def _settle(self, company, customer_id, segment):
        """Give one customer the pricelist of a segment, or what was there before.

        :param segment: the segment that wins; empty when none is left
        """
        claim = self.search(
            [("partner_id", "=", customer_id), ("company_id", "=", company.id)]
        )
        customer = self.env["res.partner"].with_company(company).browse(customer_id)
        if not customer.exists():
            return
        present = customer[FIELD]
        is_ours = not claim or present == claim.pricelist_id
        if claim.error_message and present == claim.original_id:
            # It could never be written before.
            is_ours = True
        wanted = segment.pricelist_id if segment else claim.original_id
        if is_ours and present != wanted:
            customer[FIELD] = wanted
        if not segment:
            claim.unlink()
        elif claim:
            claim.write(
                {
                    "segment_id": segment.id,
                    "pricelist_id": wanted.id,
                    "error_message": False,
                }
            )
        else:
            claim.create(
                {
                    "partner_id": customer_id,
                    "company_id": company.id,
                    "segment_id": segment.id,
                    "pricelist_id": wanted.id,
                    "original_id": present.id,
                }
            )

    def _take_back(self):
        """End claims: customers have again what they had before, unless it was changed.

        Whoever is still to have a segment's pricelist gets it from the scheduled job.
        """
        for claim in self:
            customer = claim.partner_id.with_company(claim.company_id)
            if customer[FIELD] == claim.pricelist_id:
                customer[FIELD] = claim.original_id
        self.unlink()
        self._request()

    @api.model
    def _request(self):
        """Have the scheduled job run soon, unless it is to run anyway."""
        cron = self.env.ref(
            "crm_segmentation_sale.ir_cron_pricelist", raise_if_not_found=False
        )
        if not cron:
            return
        planned = [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())]
        if not self.env["ir.cron.trigger"].sudo().search_count(planned, limit=1):
            cron.sudo()._trigger()

    # === CRON METHODS === #
    @api.model
    def _cron_settle(self):
        """Give and take pricelists, a batch at a time; a stopped run goes on later."""
        todo = self._get_open()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(todo))
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            for company, customer_id, segment in batch:
                try:
                    with on_its_own(self.env):
                        self._settle(company, customer_id, segment)
                except RETRIED:
                    raise
                except Exception as error:
                    _logger.info("Pricelist of %s", customer_id, exc_info=True)
                    self._note_problem(company, customer_id, segment, error)
            if not cron._commit_progress(len(batch)):
                return

    @api.model
    def _note_problem(self, company, customer_id, segment, error):
        """Keep why a customer's pricelist could not be written; it is tried again."""
        text = str(error).split("\n")[0] or type(error).__name__
        claim = self.search(
            [("partner_id", "=", customer_id), ("company_id", "=", company.id)]
        )
        if claim:
            claim.error_message = text
            return
        customer = self.env["res.partner"].with_company(company).browse(customer_id)
        if segment and customer.exists():
            self.create(
                {
                    "partner_id": customer_id,
                    "company_id": company.id,
                    "segment_id": segment.id,
                    "pricelist_id": segment.pricelist_id.id,
                    "original_id": customer[FIELD].id,
                    "error_message": text,
                }
            )
