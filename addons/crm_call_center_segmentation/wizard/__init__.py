from . import crm_segment_call_list
