"""The rows of the requirement table that lead scoring closes, one test a row."""

from ast import literal_eval
from collections import Counter
from datetime import timedelta

from scoring_case import ScoringCase

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRowsScoring(ScoringCase):
    def test_row_025_lead_scoring(self):
        """The rules that are shipped score the leads that are there, as they say."""
        self.model.active = False
        self.shipped.active = True
        self.settle()
        [model] = self.shipped.filtered(lambda model: not model.team_ids)
        rules = model.rule_ids.filtered(lambda rule: rule.kind == "attribute")
        self.assertGreaterEqual(len(rules), 10)
        leads = self.env["crm.lead"].with_context(active_test=False)
        seen = 0
        for rule in rules:
            # Without the engine: the ORM's own search, and the lines as they are told.
            expected = leads.search(literal_eval(rule.domain))
            lines = self.env["crm.lead.score.line"].search([("rule_id", "=", rule.id)])
            found = lines.lead_id.sorted("id")
            self.assertEqual(found, expected.sorted("id"), rule.name)
            self.assertEqual(set(lines.mapped("points")) - {rule.points}, set())
            seen += len(lines)
        self.assertGreater(seen, 100, "the leads of the demo data match some rules")
        self.assertGreater(len(leads.search([]).lead_grade_id), 3)

    def test_row_052_quality_of_leads(self):
        """The report: grades, ready leads and their cost, by where they came from."""
        good = self.add_rule(90, [("priority", "=", "3")])
        source = self.env["utm.source"].create({"name": "Acceptance fair"})
        campaign = self.env["utm.campaign"].create(
            {"name": "Acceptance", "crm_cost": 600}
        )
        leads = self.env["crm.lead"]
        for priority in ("3", "3", "0", "0", "0"):
            leads |= self.make_lead(
                priority=priority,
                source_id=source.id,
                campaign_id=campaign.id,
                country_id=self.env.ref("base.bg").id,
            )
        self.settle()
        self.assertEqual(leads.filtered("is_sales_ready"), leads[:2])
        expected = Counter(lead.lead_grade_id for lead in leads)
        self.assertEqual(sorted(expected.values()), [2, 3])
        quality = self.env["crm.lead.score.quality"]
        for by, value in (
            ("source_id", source),
            ("campaign_id", campaign),
            ("country_id", self.env.ref("base.bg")),
        ):
            domain = [(by, "=", value.id), ("lead_id", "in", leads.ids)]
            rows = quality._read_group(domain, ["lead_grade_id"], ["__count"])
            self.assertEqual(dict(rows), dict(expected), by)
            [[ready, rate, score]] = quality._read_group(
                domain, [], ["ready_count:sum", "ready_rate:avg", "lead_score:avg"]
            )
            self.assertEqual((ready, rate, score), (2, 40, good.points * 2 / 5))
        [row] = quality.formatted_read_group(
            [("campaign_id", "=", campaign.id)], [], ["cost_per_ready_lead:avg"]
        )
        self.assertEqual(row["cost_per_ready_lead:avg"], 300)

    def test_row_064_positive_or_negative_score(self):
        plus = self.add_rule(15, [("phone", "!=", False)])
        minus = self.add_rule(-40, [("email_from", "ilike", "@spam.example")])
        lead = self.make_lead(phone="+359 2 999 1234", email_from="a@spam.example")
        self.assert_points(lead, plus, minus)
        self.assertEqual(lead.lead_score, -25)
        lead.email_from = "a@good.example"
        self.assert_points(lead, plus)

    def test_row_065_web_activity(self):
        """Page, count, time, return and form: from a ledger of events of its own."""
        lead = self.make_lead()
        pricing = self.add_event_rule(
            5, "page_visit", value_pattern="/pricing*", counting="each", cap=12
        )
        recent = self.add_event_rule(
            7, "page_visit", value_pattern="/jobs", counting="once", window_days=10
        )
        back = self.add_event_rule(4, "return_visit", counting="once")
        form = self.add_event_rule(20, "form_submitted", counting="once")
        self.assertEqual(self.points_of(lead), {})
        self.log(lead, "page_visit", value="/contact")
        self.log(lead, "page_visit", days=20, value="/jobs")
        self.assertEqual(self.points_of(lead), {})
        self.log(lead, "page_visit", days=30, value="/pricing")
        self.assertEqual(self.points_of(lead), {pricing: 5})
        self.log(lead, "page_visit", days=2, value="/pricing/teams")
        self.log(lead, "page_visit", days=1, value="/Pricing")
        self.log(lead, "page_visit", days=9, value="/jobs")
        self.log(lead, "return_visit", days=1)
        self.log(lead, "return_visit")
        self.log(lead, "form_submitted", value="/contactus")
        self.assertEqual(
            self.points_of(lead), {pricing: 12, recent: 7, back: 4, form: 20}
        )
        # It stands in the explanation, with the page.
        lines = lead.get_score_explanation()["lines"]
        [evidence] = [x["evidence"] for x in lines if x["rule_id"] == recent.id]
        self.assertIn("/jobs", evidence)

    def test_row_065_visits_of_a_contact_count_for_its_leads(self):
        rule = self.add_event_rule(5, "page_visit", counting="once")
        partner = self.env["res.partner"].create({"name": "Visitor"})
        leads = [self.make_lead(partner_id=partner.id), self.make_lead()]
        self.log(partner, "page_visit", value="/pricing")
        self.assertEqual(self.points_of(leads[0]), {rule: 5})
        self.assertEqual(self.points_of(leads[1]), {})

    def test_row_066_personal_information(self):
        """Job, language, country, size, kind of e-mail: of the lead and its contact."""
        size = self.env["res.partner.category"].create({"name": "More than 200 people"})
        company = self.env["res.partner"].create(
            {"name": "Big", "is_company": True, "category_id": [Command.link(size.id)]}
        )
        person = self.env["res.partner"].create(
            {"name": "Eva", "parent_id": company.id, "lang": "bg_BG"}
        )
        job = self.add_rule(10, [("function", "ilike", "director")])
        language = self.add_rule(3, [("partner_id.lang", "=", "bg_BG")])
        country = self.add_rule(6, [("country_id.code", "=", "BG")])
        big = self.add_rule(8, [("partner_id.parent_id.category_id", "in", size.ids)])
        free = self.add_rule(-5, [("email_kind", "=", "free")])
        own = self.add_rule(5, [("email_kind", "=", "company")])
        lead = self.make_lead(
            partner_id=person.id,
            function="Sales director",
            country_id=self.env.ref("base.bg").id,
            email_from="eva@big-company.example",
        )
        self.assert_points(lead, job, language, country, big, own)
        lead.write({"function": "Student", "email_from": "eva@gmail.com"})
        self.assert_points(lead, language, country, big, free)
        # The contact counts as well as the lead.
        person.lang = "en_US"
        self.assert_points(lead, country, big, free)

    def test_row_067_ready_for_sales(self):
        """A threshold, a must-have, a lower way out, and what follows each time."""
        self.add_rule(60, [("priority", "=", "3")])
        self.add_rule(50, [("priority", "=", "2")])
        follow = {}
        for name in ("ready", "unready"):
            tag = self.env["crm.tag"].create({"name": f"Acceptance {name}"})
            code = f"record.write({{'tag_ids': [(4, {tag.id})]}})"
            follow[name] = tag
            self.model[f"{name}_action_ids"] = self.env["ir.actions.server"].create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "state": "code",
                    "code": code,
                }
            )
        self.model.write(
            {
                "ready_score": 60,
                "unready_score": 45,
                "ready_domain": "[('phone', '!=', False)]",
                "state": "live",
            }
        )
        lead = self.make_lead(priority="3")
        self.settle()
        self.assertFalse(lead.is_sales_ready, "it has no telephone number")
        told = lead.get_readiness()
        self.assertEqual((told["missing_points"], len(told["unmet"])), (0, 1))
        lead.phone = "+359 2 999 1234"
        self.settle()
        self.assertTrue(lead.is_sales_ready)
        self.assertEqual(lead.tag_ids, follow["ready"])
        self.assertEqual(lead.handover_state, "offered")
        lead.priority = "2"
        self.settle()
        self.assertTrue(lead.is_sales_ready, "50 is above the way out")
        lead.priority = "0"
        self.settle()
        self.assertFalse(lead.is_sales_ready)
        self.assertEqual(lead.tag_ids, follow["ready"] | follow["unready"])
        self.assertEqual(lead.get_readiness()["missing_points"], 60)

    def test_row_079_automatic_score_to_prioritise(self):
        """Nobody asks for it: a lead has its score when it is saved, and lists sort."""
        self.add_rule(30, [("priority", "=", "3")])
        self.add_rule(10, [("phone", "!=", False)])
        self.settle()
        leads = [
            self.make_lead(),
            self.make_lead(priority="3", phone="+359 2 999 1234"),
            self.make_lead(phone="+359 2 999 1235"),
        ]
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual([lead.lead_score for lead in leads], [0, 40, 10])
        found = self.env["crm.lead"].search(
            [("id", "in", [lead.id for lead in leads])], order="lead_score desc"
        )
        self.assertEqual(list(found), [leads[1], leads[2], leads[0]])
        leads[0].priority = "3"
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(leads[0].lead_score, 30)

    def test_row_101_scoring_by_source(self):
        source = self.env["utm.source"].create({"name": "Acceptance referral"})
        medium = self.env["utm.medium"].create({"name": "Acceptance phone"})
        campaign = self.env["utm.campaign"].create({"name": "Acceptance spring"})
        by_source = self.add_rule(10, [("source_id", "in", source.ids)])
        by_medium = self.add_rule(5, [("medium_id.name", "=", medium.name)])
        by_campaign = self.add_rule(-3, [("campaign_id", "in", campaign.ids)])
        lead = self.make_lead(source_id=source.id, medium_id=medium.id)
        self.assert_points(lead, by_source, by_medium)
        lead.write({"source_id": False, "campaign_id": campaign.id})
        self.assert_points(lead, by_medium, by_campaign)

    def test_row_102_scoring_by_industry(self):
        """The lead has an industry: its contact's, or the one that is entered."""
        trade, farms = self.env["res.partner.industry"].create(
            [{"name": "Acceptance trade"}, {"name": "Acceptance farms"}]
        )
        company = self.env["res.partner"].create(
            {"name": "Shop", "is_company": True, "industry_id": trade.id}
        )
        good = self.add_rule(12, [("industry_id", "in", trade.ids)])
        bad = self.add_rule(-12, [("industry_id", "in", farms.ids)])
        lead, other = self.make_lead(partner_id=company.id), self.make_lead()
        self.assertEqual(lead.industry_id, trade)
        self.assert_points(lead, good)
        self.assert_points(other)
        company.industry_id = farms
        other.industry_id = trade
        self.assert_points(lead, bad)
        self.assert_points(other, good)

    def test_row_103_scoring_by_region(self):
        """Country, state, a range of postcodes."""
        bulgaria, germany = self.env.ref("base.bg"), self.env.ref("base.de")
        state = self.env["res.country.state"].create(
            {"name": "Acceptance state", "code": "AST", "country_id": germany.id}
        )
        country = self.add_rule(10, [("country_id", "=", bulgaria.id)])
        region = self.add_rule(7, [("state_id", "=", state.id)])
        codes = self.add_rule(
            5, [("postcode_number", ">=", 1000), ("postcode_number", "<=", 1999)]
        )
        sofia = self.make_lead(country_id=bulgaria.id, zip="1618")
        plovdiv = self.make_lead(country_id=bulgaria.id, zip="BG-4000")
        german = self.make_lead(country_id=germany.id, state_id=state.id, zip="01 999")
        self.assert_points(sofia, country, codes)
        self.assert_points(plovdiv, country)
        self.assert_points(german, region, codes)

    def test_row_104_scoring_by_communication(self):
        """Calls, mails, replies, meetings by their number, and silence."""
        called = self.add_rule(6, [("call_held_count", ">=", 2)])
        wrote = self.add_rule(4, [("mail_in_count", ">=", 1)])
        replied = self.add_rule(9, [("mail_reply_count", ">", 0)])
        met = self.add_rule(15, [("meeting_held_count", "=", 1)])
        silent = self.add_rule(-20, [("days_of_silence", ">=", 30)])
        lead = self.make_lead()
        self.log(lead, "mail_received", days=45)
        self.log(lead, "call_held", days=40)
        self.assertEqual(lead.days_of_silence, 40)
        self.assert_points(lead, wrote, silent)
        self.log(lead, "call_held", days=3)
        self.log(lead, "mail_replied", days=4)
        self.log(lead, "meeting_held", days=2)
        self.settle()
        counts = (lead.call_held_count, lead.mail_in_count, lead.meeting_held_count)
        self.assertEqual(counts, (2, 1, 1))
        self.assert_points(lead, called, wrote, replied, met)

    def test_row_104_a_mail_that_comes_in(self):
        """The mail itself, not a note about it."""
        rule = self.add_rule(4, [("mail_in_count", ">=", 1)])
        lead = self.make_lead(email_from="ann@company-of-ann.example")
        self.assertEqual(self.points_of(lead), {})
        lead.message_post(
            body="How much is it?",
            message_type="email",
            email_from="ann@company-of-ann.example",
            author_id=False,
        )
        self.assertEqual(self.points_of(lead), {rule: 4})

    def test_row_105_the_region_is_found(self):
        """Address, then telephone, then e-mail, then language; and it says which."""
        rule = self.add_rule(10, [("score_country_id.code", "=", "BG")])
        german = self.env["res.lang"]._activate_lang("de_DE")
        cases = [
            ({"country_id": self.env.ref("base.bg").id}, "BG", "entered"),
            ({"phone": "+359 2 999 1234", "email_from": "a@b.de"}, "BG", "phone"),
            ({"email_from": "ann@company.bg", "lang_id": german.id}, "BG", "email"),
            ({"lang_id": german.id}, "DE", "language"),
            ({}, False, False),
        ]
        for values, code, source in cases:
            lead = self.make_lead(**values)
            if "lang_id" not in values:
                lead.lang_id = False
            self.settle()
            self.assertEqual(lead.score_country_id.code, code, values)
            self.assertEqual(lead.score_country_source, source, values)
            self.assertEqual(rule in self.points_of(lead), code == "BG")
            if source != "entered":
                self.assertFalse(lead.country_id, "the address stays as it was")

    def test_row_122_bulk_triage(self):
        """The best first, one decision each: accept, nurture, discard; and undo."""
        self.add_rule(60, [("priority", "=", "3")])
        self.add_rule(30, [("priority", "=", "2")])
        team = self.env["crm.team"].create({"name": "Acceptance triage"})
        seller = new_test_user(
            self.env,
            "acceptance_triage",
            groups="sales_team.group_sale_salesman_all_leads",
        )
        poor, good, fair = (
            self.make_lead(
                priority=priority,
                team_id=team.id,
                email_from=f"p{priority}@company.example",
            )
            for priority in "032"
        )
        self.settle()
        triage = self.env["crm.lead.score.triage"].with_user(seller)

        def queue():
            rows = triage.get_queue({"team_id": team.id})["leads"]
            return [row["id"] for row in rows]

        self.assertEqual(queue(), [good.id, fair.id, poor.id])
        triage.accept(good.id)
        self.assertEqual((good.type, good.user_id), ("opportunity", seller))
        self.assertEqual(queue(), [fair.id, poor.id])
        until = fields.Date.to_string(self.today + timedelta(days=14))
        triage.nurture(fair.id, until=until, reason="Not yet")
        self.assertEqual(fair.activity_ids.date_deadline, self.today + timedelta(14))
        reason = self.env["crm.lost.reason"].create({"name": "Acceptance no budget"})
        done = triage.discard(poor.id, reason.id)
        self.assertEqual((poor.won_status, poor.lost_reason_id), ("lost", reason))
        self.assertEqual(queue(), [])
        self.assertEqual(done["today"], {"accept": 1, "nurture": 1, "discard": 1})
        triage.undo(done["id"])
        self.env.invalidate_all()
        self.assertEqual(poor.won_status, "pending")
        self.assertEqual(queue(), [poor.id])
