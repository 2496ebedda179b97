from . import crm_lead_score_line
from . import crm_lead_score_line_evidence
