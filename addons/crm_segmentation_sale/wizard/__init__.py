from . import crm_segment_pricelist_preview
from . import crm_segment_pricelist_preview_line
