from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SegmentCase

#: What the shipped templates are about, by external id.
SHIPPED = (
    "new_contacts",
    "no_next_step",
    "dormant",
    "key_accounts",
    "bouncing",
    "shared_phone",
    "inbound",
    "silence",
)


@tagged("post_install", "-at_install")
class TestSegmentTemplates(SegmentCase):
    """Templates: switched off, each works, and a copy is the user's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        templates = cls.Segment.with_context(active_test=False)
        cls.templates = templates.search([("is_template", "=", True)])

    def template(self, name):
        return self.env.ref(f"crm_segmentation.crm_segment_{name}")

    def test_shipped_switched_off(self):
        for name in SHIPPED:
            template = self.template(name)
            self.assertTrue(template.is_template, name)
            self.assertFalse(template.active, name)
            self.assertFalse(template.user_id, name)
            self.assertTrue(template.note, name)

    def test_each_works(self):
        for template in self.templates:
            template.with_user(self.marketer).action_use_template()
        own = self.Segment.search([("create_uid", "=", self.marketer.id)])
        self.assertEqual(
            sorted(own.mapped("name")), sorted(self.templates.mapped("name"))
        )
        own.refresh()
        for segment in own:
            self.assertFalse(segment.error_message, segment.name)
            found = (
                self.env[segment.model_name].sudo().search(segment._get_shown_domain())
            )
            self.assertEqual(self.members(segment), found, segment.name)

    def test_a_copy_is_ones_own(self):
        template = self.template("consumers")
        with self.assertRaises(AccessError):
            template.with_user(self.salesperson).action_use_template()
        action = template.with_user(self.marketer).action_use_template()
        segment = self.Segment.browse(action["res_id"])
        self.assertEqual((segment.name, segment.active), ("Consumers", True))
        self.assertEqual(segment.user_id, self.marketer)
        self.assertFalse(segment.is_template)
        self.assertFalse(template.active)
        with self.assertRaises(UserError):
            segment.with_user(self.marketer).action_use_template()

    def test_gallery_shows_what_is_switched_off(self):
        gallery = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_action_template"
        )
        self.assertIn("is_template", gallery["domain"])
        self.template("consumers").active = True
        shown = self.Segment.with_context(active_test=False).search(
            [("is_template", "=", True), ("active", "=", False)]
        )
        self.assertEqual(self.templates - shown, self.template("consumers"))

    def test_shared_phone(self):
        number = "+359 2 555 7788"
        first, second, third = self.env["res.partner"].create(
            [{"name": f"Phone {i}", "phone": number} for i in range(3)]
        )
        shared = self.env["res.partner"].search([("is_phone_shared", "=", True)])
        self.assertLessEqual(first | second | third, shared)
        self.assertTrue(first.is_phone_shared)
        # People of one company may share its number.
        first.is_company = True
        (second | third).parent_id = first
        self.env.invalidate_all()
        shared = self.env["res.partner"].search([("is_phone_shared", "=", True)])
        self.assertFalse((first | second | third) & shared)
        others = self.env["res.partner"].search([("is_phone_shared", "=", False)])
        self.assertLessEqual(first | second | third, others)
        self.assertFalse(second.is_phone_shared)

    def test_nobody_without_a_number_shares_it(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self.assertFalse(any(partners.mapped("is_phone_shared")))
        shared = self.env["res.partner"].search([("is_phone_shared", "=", True)])
        self.assertFalse(partners & shared)
