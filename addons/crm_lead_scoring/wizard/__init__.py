from . import crm_lead_score_go_live
from . import crm_lead_score_log
from . import crm_lead_score_return
