from . import base_partner_merge
from . import crm_call_wrap_up
