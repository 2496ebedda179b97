from . import base_partner_merge_automatic_wizard
from . import crm_segment_pricelist_preview
from . import crm_segment_pricelist_preview_line
