from . import crm_lead_score_model
