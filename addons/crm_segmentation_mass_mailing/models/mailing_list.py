from odoo import api, fields, models
from odoo.tools import email_normalize

#: Addresses that are added or taken off between two commits of the scheduled job.
BATCH = 2000


class MailingList(models.Model):
    """A mailing list that has the members of a segment on it, besides others.

    Whoever opted out stays on the list as such, member or not: so coming back to the
    segment never subscribes anybody anew.
    """

    _inherit = "mailing.list"

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="crm_segmentation.group_segmentation_user",
        help="Its members with an e-mail address are put on the list, and taken off"
        " when they leave. Who was added by hand stays; who opted out stays opted out.",
    )
    segment_followed_at = fields.Datetime(
        string="Last Brought in Step", readonly=True, copy=False
    )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        lists = super().create(vals_list)
        if lists.sudo().segment_id:
            self._request_follow()
        return lists

    def write(self, vals):
        result = super().write(vals)
        if vals.get("segment_id"):
            self._request_follow()
        return result

    # === ACTION METHODS === #
    def action_follow_segment(self):
        """Bring the list in step with its segment now."""
        self.check_access("write")
        for mailing_list in self.sudo():
            for _changed in mailing_list._follow_segment():
                pass
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #
    def _follow_segment(self, size=BATCH):
        """Take off those who left, add members that are missing, a batch at a time.

        Who they are is found once; the caller may commit after each batch.

        :param int size: how many addresses a batch has
        :yield: how many addresses the batch took off or added
        """
        self.ensure_one()
        if not self.segment_id.active:
            return
        wanted = self._get_segment_addresses()
        rows = self.subscription_ids
        present = set(rows.contact_id.mapped("email_normalized"))
        missing = [address for address in wanted if address not in present]
        gone = rows.filtered(
            lambda row: row.is_from_segment
            and not row.opt_out
            and row.contact_id.email_normalized not in wanted
        )
        # Before the rows go: whom they were for.
        refused = rows.filtered("opt_out").contact_id.segment_partner_id
        for start in range(0, len(gone), size):
            batch = gone[start : start + size].exists()
            # Somebody may have opted out since the last commit.
            batch.filtered(lambda row: not row.opt_out).unlink()
            yield len(batch)
        for start in range(0, len(missing), size):
            batch = missing[start : start + size]
            known = self._get_subscriptions(batch).contact_id
            new = set(batch) - set(known.mapped("email_normalized"))
            self._subscribe({key: wanted[key] for key in batch if key in new}, refused)
            yield len(batch)
        self.segment_followed_at = fields.Datetime.now()
        self.invalidate_recordset(["subscription_ids", "contact_ids"])

    def _get_subscriptions(self, addresses):
        """Return the rows of normalised addresses on the list."""
        return self.env["mailing.subscription"].search(
            [
                ("list_id", "=", self.id),
                ("contact_id.email_normalized", "in", list(addresses)),
            ]
        )

    def _get_segment_addresses(self):
        """Return ``{normalised address: its first member}`` of the segment."""
        segment = self.segment_id
        members = self.env[segment.model_name].search_fetch(
            [("segment_ids", "in", segment.ids), ("email_normalized", "!=", False)],
            ["email_normalized"],
            order="id",
        )
        addresses = {}
        for member in members:
            addresses.setdefault(member.email_normalized, member)
        return addresses

    def _subscribe(self, members, refused=()):
        """Put addresses on the list; mailing contacts that exist are used again.

        :param dict members: contact or lead by normalised address
        :param refused: contacts who opted out of the list under another address
        """
        self.ensure_one()
        found = self.env["mailing.contact"].search(
            [("email_normalized", "in", list(members))], order="id desc"
        )
        contacts = {contact.email_normalized: contact for contact in found}
        new = [address for address in members if address not in contacts]
        made = self.env["mailing.contact"].create(
            [
                self._prepare_mailing_contact(address, members[address])
                for address in new
            ]
        )
        contacts.update(zip(new, made, strict=True))
        vals_list = []
        for address, member in members.items():
            partner = self._get_member_partner(member)
            contact = contacts[address]
            if partner and not contact.segment_partner_id:
                contact.segment_partner_id = partner
            vals_list.append(
                {
                    "list_id": self.id,
                    "contact_id": contact.id,
                    "is_from_segment": True,
                    "opt_out": bool(partner) and partner in refused,
                }
            )
        return self.env["mailing.subscription"].create(vals_list)

    @api.model
    def _prepare_mailing_contact(self, address, member):
        partner = self._get_member_partner(member)
        name = member.name if member._name == "res.partner" else member.contact_name
        return {
            "name": name or partner.name or address,
            "email": address,
            "company_name": partner.commercial_company_name or False,
            "country_id": member.country_id.id,
            "segment_partner_id": partner.id,
        }

    @api.model
    def _get_member_partner(self, member):
        return member if member._name == "res.partner" else member.partner_id

    def _update_subscription_from_email(self, email, opt_out=True, force_message=None):
        if opt_out:
            self.sudo()._remember_refusal(email_normalize(email))
        return super()._update_subscription_from_email(
            email, opt_out=opt_out, force_message=force_message
        )

    def _remember_refusal(self, address):
        """Note an opt-out of somebody who is not on the list now.

        They left the segment and unsubscribe in an older mail: coming back to the
        segment must not put them on the list again.
        """
        following = self.filtered("segment_id")
        if not address or not following:
            return
        contacts = self.env["mailing.contact"].search(
            [("email_normalized", "=", address)]
        )
        if not contacts:
            return
        missing = following - contacts.subscription_ids.list_id
        self.env["mailing.subscription"].create(
            [
                {
                    "list_id": mailing_list.id,
                    "contact_id": contacts[0].id,
                    "is_from_segment": True,
                    "opt_out": True,
                }
                for mailing_list in missing
            ]
        )

    # === CRON METHODS === #
    @api.model
    def _request_follow(self):
        """Have the scheduled job run soon, unless it is to run anyway."""
        cron = self.env.ref(
            "crm_segmentation_mass_mailing.ir_cron_follow_segments",
            raise_if_not_found=False,
        )
        if not cron:
            return
        planned = [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())]
        if not self.env["ir.cron.trigger"].sudo().search_count(planned, limit=1):
            cron.sudo()._trigger()

    @api.model
    def _cron_follow_segments(self):
        """Bring all lists in step; a run that was stopped goes on at the next."""
        lists = self.sudo().search([("segment_id", "!=", False)])
        cron = self.env["ir.cron"]
        left = len(lists)
        cron._commit_progress(remaining=left)
        for mailing_list in lists:
            # Whoever holds it brings it in step just now, or deletes it.
            if mailing_list.try_lock_for_update(allow_referencing=True):
                for number in mailing_list._follow_segment():
                    if not cron._commit_progress(number, remaining=left):
                        return
                    if not mailing_list.try_lock_for_update(allow_referencing=True):
                        break
            left -= 1
            if not cron._commit_progress(1, remaining=left):
                return
