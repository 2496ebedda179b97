from collections import defaultdict
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from odoo import api, fields, models

#: A visit ends when no page is viewed for so long, as Odoo counts visits.
VISIT_GAP = timedelta(hours=8)
BATCH_SIZE = 1000


class WebsiteTrack(models.Model):
    """A page view that was made with consent is a signal.

    Rows come in by SQL, so they are marked when the page is viewed and counted by the
    refresh; in the order in which they were marked, also when a slow request is
    committed after a later one. Views without consent are not marked and never counted.
    """

    _name = "website.track"
    _inherit = ["website.track", "crm.criterion.step"]

    # === FIELDS === #

    scoring_state = fields.Selection(
        [("waiting", "Waiting"), ("counted", "Counted")],
        readonly=True,
        help="Whether this view was counted for lead scores. Empty: the visitor did not"
        " consent, so it is never counted.",
    )

    _scoring_waiting = models.Index("(id) WHERE scoring_state = 'waiting'")

    # === BUSINESS METHODS === #

    @api.model
    def _await_counting(self, visitor_id, url):
        """Mark the view that was stored just now."""
        self.sudo().search(
            [("visitor_id", "=", visitor_id), ("url", "=", url)],
            order="id desc",
            limit=1,
        ).scoring_state = "waiting"

    def _count_visits(self):
        """Log what these views tell; return how many events are new."""
        if not self:
            return 0
        logged = self.env["crm.lead.score.event"]._log_records(self)
        self.sudo().scoring_state = "counted"
        return logged

    def _prepare_score_events(self):
        """Return the events of views by leads and contacts.

        A page that is viewed several times in one visit counts once. The first page of
        a later visit is a return besides.
        """
        owners = self.visitor_id._get_score_owners()
        news = self._find_news(self.env["website.visitor"].union(*owners))
        events = []
        for track in self.filtered("url").sorted("id"):
            owner = owners.get(track.visitor_id)
            if not owner:
                continue
            origin = f"website.track,{track.id}"
            codes = {"page_visit": origin, "return_visit": f"{origin}:return"}
            events += [
                {
                    "signal": code,
                    "lead_id" if owner._name == "crm.lead" else "partner_id": owner.id,
                    "date": track.visit_datetime,
                    "value": self._get_path(track.url),
                    "origin": codes[code],
                    "res_model": "website.visitor",
                    "res_id": track.visitor_id.id,
                }
                for code in codes
                if code in news[track]
            ]
        return events

    def _find_news(self, visitors):
        """Tell which of these views are a new page of a visit, and which a new visit.

        :return: dict of sets of signals by view
        """
        mine = self.filtered(lambda track: track.visitor_id in visitors)
        news = defaultdict(set)
        if not mine:
            return news
        dates = mine.mapped("visit_datetime")
        domain = [("visitor_id", "in", visitors.ids), ("scoring_state", "!=", False)]
        since = min(dates) - VISIT_GAP
        earlier = self.sudo()._read_group(
            [*domain, ("visit_datetime", "<", since)], ["visitor_id"]
        )
        last_view = dict.fromkeys(visitors)
        last_view.update({visitor: datetime.min for [visitor] in earlier})
        last_pages = defaultdict(dict)
        around = self.sudo().search(
            [
                *domain,
                ("visit_datetime", ">=", since),
                ("visit_datetime", "<=", max(dates)),
            ],
            order="visit_datetime, id",
        )
        for track in around.filtered("url"):
            moment, visitor = track.visit_datetime, track.visitor_id
            pages, path = last_pages[visitor], self._get_path(track.url)
            if path not in pages or moment - pages[path] > VISIT_GAP:
                news[track].add("page_visit")
            if last_view[visitor] and moment - last_view[visitor] > VISIT_GAP:
                news[track].add("return_visit")
            pages[path] = last_view[visitor] = moment
        return news

    @api.model
    def _get_path(self, url):
        """Return the path of a page, the same in each language of the website."""
        try:
            path = unquote(urlsplit(url or "").path).rstrip("/") or "/"
        except ValueError:
            # A text that is no address, as a stranger's browser may send it.
            return "/"
        first, _slash, rest = path[1:].partition("/")
        if first in self.env["res.lang"]._get_active_by("url_code"):
            return f"/{rest}"
        return path

    # === HOOKS === #

    # The step of the refresh

    def _refresh_remaining(self, position):
        return self.sudo().search_count(self._get_waiting_domain(position))

    def _refresh_batch(self, position):
        found = self.sudo().search(
            self._get_waiting_domain(position), order="id", limit=BATCH_SIZE
        )
        # A view that is counted elsewhere at this moment is left to whom has it.
        logged = found.try_lock_for_update()._count_visits()
        more = len(found) == BATCH_SIZE
        return found[-1:].id if more else None, len(found), logged

    @api.model
    def _get_waiting_domain(self, position):
        return [("scoring_state", "=", "waiting"), ("id", ">", position)]
