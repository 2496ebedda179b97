from . import test_segment_purchase
from . import test_segment_purchase_changes
from . import test_segment_pricelist_preview
from . import test_segment_pricelist
from . import test_segment_pricelist_rights
from . import test_segment_purchase_explain
