from . import crm_criterion_refresh
from . import crm_lead
from . import crm_lead_score
from . import crm_lead_score_grade
from . import crm_lead_score_model
from . import crm_lead_score_rule
