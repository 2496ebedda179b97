from . import crm_criterion_refresh
from . import crm_lead
from . import crm_lead_facts
from . import crm_lead_score_signal
from . import website
from . import website_track
from . import website_visitor
