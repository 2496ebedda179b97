from . import test_partner_terms
