from . import crm_segment_purchase
from . import crm_segment
from . import crm_segment_pricelist_claim
from . import product_pricelist
from . import res_partner
from . import sale_order
from . import sale_order_line
from . import account_move
