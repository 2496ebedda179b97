"""Versions, snapshots, targets, tiles, the digest and the term's card."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_kpi import KpiCase, days_ago


@tagged("post_install", "-at_install")
class TestKpiHistory(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Snapshot = cls.env["crm.kpi.snapshot"]
        # those of the demo data would be in the way
        cls.Snapshot.search([]).unlink()
        cls.env["crm.kpi.target"].search([]).unlink()
        cls.make_lead("a", expected_revenue=100)
        cls.make_lead("b", expected_revenue=50, user_id=cls.boris.id)
        cls.make_lead("won", won=True, expected_revenue=70)
        cls.today = date.today()

    def take(self, kpis, day=None):
        changed = self.Snapshot._take(kpis.sudo(), self.company, day or self.today)
        self.env.flush_all()
        return changed

    def snapshots(self, kpi, user=None):
        return self.Snapshot.with_user(user or self.manager).search(
            [("kpi_id", "=", kpi.id), ("date", "=", self.today)]
        )

    def test_a_change_of_the_definition_is_a_version(self):
        kpi = self.kpi("pipeline_value").sudo(False)
        before = self.row("pipeline_value")["value"]
        kpi.write({"name": "Pipeline"})
        self.assertEqual(kpi.version, 1)
        kpi.write({"domain": f"[('user_id', '=', {self.boris.id})]"})
        self.assertEqual(kpi.version, 2)
        kpi.write({"domain": f"[('user_id', '=', {self.boris.id})]"})
        self.assertEqual(kpi.version, 2)
        version = kpi.version_ids.sorted("version")[-1]
        self.assertEqual(version.user_id, self.manager)
        self.assertIn("→", version.change)
        self.assertIn(kpi.with_user(self.manager)._format_value(before), version.effect)
        self.assertIn("50", version.effect)
        with self.assertRaises(AccessError):
            version.with_user(self.anna).read(["effect"])
        with self.assertRaises(AccessError):
            version.with_user(self.manager).write({"version": 9})
        [tile] = kpi._get_tiles(*self.window)
        self.assertEqual(tile["version"], 2)
        self.assertEqual(tile["version_breaks"][0]["version"], 2)

    def test_a_snapshot_is_idempotent_and_keeps_the_version(self):
        kpi = self.kpi("pipeline_value")
        self.assertTrue(self.take(kpi))
        self.assertEqual(self.take(kpi), 0)
        rows = self.snapshots(kpi)
        total = rows.filtered(lambda row: row.scope == "company")
        self.assertEqual(total.value, self.row("pipeline_value")["value"])
        self.assertEqual(total.version, 1)
        mine = rows.filtered(lambda row: row.user_id == self.anna)
        self.assertEqual((mine.value, mine.scope), (100, "user"))
        self.make_lead("c", expected_revenue=5)
        # the company's, hers, and the one of leads without a team
        self.assertEqual(self.take(kpi), 3)
        self.assertEqual(mine.value, 105)

    def test_who_sees_which_snapshot(self):
        kpi = self.kpi("pipeline_value")
        self.take(kpi)
        seen = self.snapshots(kpi, self.anna)
        self.assertEqual((seen.user_id, seen.scope), (self.anna, "user"))
        self.assertGreater(len(self.snapshots(kpi)), 2)
        self.assertFalse(self.snapshots(kpi, self.stranger))
        with self.assertRaises(AccessError):
            seen.write({"value": 1})

    def test_the_refresh_takes_the_evening_and_goes_on_where_it_stopped(self):
        kpis = self.env["crm.kpi"].search([], order="id")
        position, done, changed = self.Snapshot._refresh_batch(0)
        self.assertEqual((position, done), (kpis[0].id, 1))
        self.assertTrue(changed)
        _position, _done, again = self.Snapshot._refresh_batch(0)
        self.assertEqual(again, 0)
        self.assertEqual(self.Snapshot._refresh_remaining(position), len(kpis) - 1)
        self.assertEqual(self.Snapshot._refresh_batch(kpis[-1].id), (None, 0, 0))
        self.company.partner_id.tz = "Europe/Sofia"
        for moment, day in (
            ("2024-05-31 17:30:00", date(2024, 5, 31)),
            ("2024-05-31 16:30:00", date(2024, 5, 30)),
        ):
            with freeze_time(moment):
                self.assertEqual(self.Snapshot._get_due_day(self.company)[0], day)

    def test_the_recompute_button(self):
        kpi = self.kpi("new_leads")
        kpi.action_recompute()
        self.assertTrue(self.snapshots(kpi))
        with self.assertRaises(AccessError):
            self.kpi("new_leads", self.anna).action_recompute()

    def test_a_tile_has_history_target_and_pace(self):
        kpi = self.kpi("pipeline_value")
        last = self.window[0] - timedelta(days=1)
        self.take(kpi, last)
        self.Snapshot.search(
            [("kpi_id", "=", kpi.id), ("scope", "=", "company")]
        ).value = 7
        [tile] = kpi._get_tiles(*self.window)
        self.assertEqual(tile["previous"], 7)
        self.assertEqual(len(tile["series"]), 12)
        self.assertEqual(tile["series"][-2]["value"], 7)
        self.assertEqual(tile["series"][-1]["value"], tile["value"])
        self.assertTrue(tile["as_of_now"])
        [tile] = self.kpi("new_leads")._get_tiles(*self.window)
        self.assertEqual(tile["series"][-1]["value"], tile["value"])
        self.assertIsNone(tile["target"])

    def test_targets(self):
        Target = self.env["crm.kpi.target"].with_user(self.manager)
        kpi = self.kpi("new_leads")
        values = {"kpi_id": kpi.id, "value": 1000, "date_from": self.today}
        team = self.env["crm.team"].create({"name": "KPI team"})
        target = Target.create(values)
        self.assertEqual((target.date_from, target.date_to), self.window)
        with self.assertRaises(ValidationError):
            Target.create({**values, "user_id": self.anna.id, "team_id": team.id})
        Target.create({**values, "user_id": self.anna.id, "value": 1})
        [tile] = kpi._get_tiles(*self.window)
        self.assertEqual((tile["target"], tile["pace"]["status"]), (1000, "behind"))
        [tile] = self.kpi("new_leads", self.anna)._get_tiles(
            *self.window, {"user_id": self.anna.id}
        )
        self.assertEqual((tile["target"], tile["pace"]["status"]), (1, "reached"))
        self.assertFalse(
            Target.with_user(self.boris).search([("user_id", "=", self.anna.id)])
        )
        with self.assertRaises(AccessError):
            target.with_user(self.anna).write({"value": 1})

    def test_pace_is_a_straight_line(self):
        kpi, window = self.kpi("new_leads"), (date(2024, 5, 1), date(2024, 5, 31))
        with freeze_time("2024-05-10 12:00:00"):
            pace = kpi._get_pace(10, 31, *window)
            self.assertAlmostEqual(pace["expected"], 10)
            self.assertEqual(pace["status"], "ahead")
            self.assertEqual(kpi._get_pace(9, 31, *window)["status"], "behind")
            self.assertEqual(kpi._get_pace(31, 31, *window)["status"], "reached")
            less = self.kpi("rotting_deals")
            self.assertEqual(less._get_pace(9, 10, *window)["status"], "reached")
            self.assertEqual(less._get_pace(11, 10, *window)["status"], "behind")
            self.assertIsNone(kpi._get_pace(None, 10, *window))

    def test_the_digest_obeys_the_recipients_rights(self):
        kpi = self.kpi("new_leads").sudo()
        digest = self.env["digest.digest"].create(
            {"name": "Daily", "crm_kpi_ids": [Command.set(kpi.ids)]}
        )
        lines = {}
        for user in (self.anna, self.manager):
            found = digest._compute_kpis(self.company, user)
            [lines[user]] = [line for line in found if line["kpi_fullname"] == kpi.name]
        leads = self.env["crm.lead"].with_context(active_test=False)
        for user, line in lines.items():
            count = leads.with_user(user).search_count(
                [("create_date", ">=", days_ago(30))]
            )
            self.assertEqual(line["kpi_col3"]["value"], str(count))
        self.assertNotEqual(
            lines[self.anna]["kpi_col3"], lines[self.manager]["kpi_col3"]
        )
        own = self.kpi("pipeline_value").sudo()
        self.anna.with_user(self.anna).crm_digest_kpi_ids = own
        found = digest._compute_kpis(self.company, self.anna)
        self.assertIn(own.name, [line["kpi_fullname"] for line in found])
        self.assertNotIn(kpi.name, [line["kpi_fullname"] for line in found])
        digest.user_ids = self.anna
        digest.action_send_manual()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn(own.name, mail.body_html)

    def test_the_card_shows_the_same_number(self):
        term = self.env.ref("crm_glossary_core.term_win_rate")
        [card] = (
            self.env["crm.glossary.term"].with_user(self.manager).get_cards([term.code])
        )
        row = self.row("win_rate_closed")
        number = card["kpi"]
        self.assertEqual(number["code"], "win_rate_closed")
        for name in ("value", "numerator", "denominator"):
            self.assertEqual(number[name], row[name])
        self.assertIn(f"{row['numerator']} of {row['denominator']}", number["display"])
        self.assertTrue(number["period_label"])

    def test_stays_follow_the_lead(self):
        lead = self.make_lead("walker", stage_id=self.stages[0].id)
        visits = self.env["crm.stage.visit"].search([("lead_id", "=", lead.id)])
        self.assertEqual((visits.stage_id, visits.outcome), (self.stages[0], "open"))
        lead.stage_id = self.stages[1]
        self.env.cr.flush()
        lead.stage_id = self.stages[0]
        self.env.cr.flush()
        lead.action_set_lost()
        self.env.cr.flush()
        self.env.invalidate_all()
        visits = self.env["crm.stage.visit"].search(
            [("lead_id", "=", lead.id)], order="id"
        )
        self.assertEqual(visits.mapped("outcome"), ["forward", "back", "lost"])
        self.assertTrue(all(visits.mapped("date_to")))
        lead.action_restore()
        self.env.cr.flush()
        self.assertEqual(
            self.env["crm.stage.visit"].search_count(
                [("lead_id", "=", lead.id), ("date_to", "=", False)]
            ),
            1,
        )
        twin = self.make_lead("twin", stage_id=self.stages[0].id)
        (lead + twin)._merge_opportunity(auto_unlink=True)
        self.env.cr.flush()
        self.assertFalse(
            self.env["crm.stage.visit"].search([("lead_id", "=", twin.id)])
            if not twin.exists()
            else self.env["crm.stage.visit"].search([("lead_id", "=", lead.id)])
        )

    def test_history_is_read_out_of_the_messages(self):
        lead = (
            self.env["crm.lead"]
            .with_context(tracking_disable=False)
            .create(
                {"name": "old", "stage_id": self.stages[0].id, "type": "opportunity"}
            )
        )
        self.env.cr.flush()
        lead.stage_id = self.stages[1]
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_stage_visit WHERE lead_id = %s", [lead.id])
        self.env["crm.stage.visit"]._refresh_batch(lead.id - 1)
        self.env.invalidate_all()
        visits = self.env["crm.stage.visit"].search(
            [("lead_id", "=", lead.id)], order="date_from, id"
        )
        self.assertEqual(visits.stage_id, self.stages[0] + self.stages[1])
        self.assertEqual(visits.mapped("outcome"), ["forward", "open"])

    def test_few_queries(self):
        kpis = self.env["crm.kpi"].with_user(self.manager).search([], limit=10)
        kpis._get_tiles(*self.window)
        self.env.invalidate_all()
        with self.assertQueryCount(22):
            kpis._get_tiles(*self.window)
