"""One test per term of the glossary: see ``glossary_case.py`` for what is checked."""

from glossary_case import TermCase, one_test_a_term

from odoo.tests import tagged

A_TO_Z = """
    activity analytic_account automated_action b2b b2c business_intelligence
    campaign chatter contact conversion_rate customer_journey dashboard deal
    domain email_marketing expected_revenue follow_up forecast gdpr helpdesk
    inbound_lead invoice kpi lead lead_scoring marketing_automation meeting
    omnichannel opportunity pipeline pricelist probability quotation
    recurring_revenue reporting sales_order sales_stage segmentation task
    touchpoint upselling website_lead win_rate zero_touch_automation
""".split()
MORE = """
    acquisition_cost activity_plan attribution average_deal_size blacklist
    call_attempt call_center call_list call_outcome call_script callback
    cancelled_call consent crm customer customer_tag data_quality digest_email
    do_not_call duplicate email_gateway email_template engagement
    expected_closing fit follower forecast_accuracy geoip grade held import
    inbound_call industry kanban_view lead_assignment lead_generation
    lead_quality lead_source lifetime_value list_view lost_reason mail_merge
    mail_plugin medium not_held operator outbound_call pace pipeline_value
    pivot_view portal predictive_scoring priority property prorated_revenue
    qualification questionnaire rfm rotting_deal sales_cycle sales_funnel
    sales_ready sales_target sales_team salesperson segment slipped_deal
    social_selling speed_to_lead stage_conversion target_audience time_in_stage
    touchless_share voip win_rate_cohort
""".split()


@tagged("post_install", "-at_install")
@one_test_a_term(*A_TO_Z)
class TestTermsAToZ(TermCase):
    """The terms that every CRM is explained with."""


@tagged("post_install", "-at_install")
@one_test_a_term(*MORE)
class TestMoreTerms(TermCase):
    """The words that a newcomer looks up as well."""

    def test_no_term_is_forgotten(self):
        data = self.env["ir.model.data"].sudo()
        shipped = data.search(
            [("module", "=", "crm_glossary_core"), ("model", "=", "crm.glossary.term")]
        )
        names = {row.name.removeprefix("term_") for row in shipped}
        self.assertEqual(names, {*A_TO_Z, *MORE})

    def test_every_kpi_has_a_term_and_a_second_computation(self):
        for kpi in self.env["crm.kpi"].search([("company_id", "=", False)]):
            if kpi.get_external_id()[kpi.id].startswith("crm_glossary_core."):
                self.assertTrue(kpi.term_id, kpi.code)
                self.assertTrue(hasattr(self.facts, kpi.code), kpi.code)
