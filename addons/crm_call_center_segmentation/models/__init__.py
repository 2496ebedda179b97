from . import crm_call
from . import crm_call_list
from . import crm_phone_number
from . import crm_segment
from . import crm_segment_action
