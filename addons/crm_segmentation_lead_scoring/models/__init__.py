from . import crm_lead_score
from . import crm_segment_action
