from . import crm_lead_score_line
from . import crm_lead_score_line_evidence
from . import crm_lead_score_quality
