from . import crm_call
from . import crm_call_attempt
from . import crm_call_list
from . import crm_call_queue
from . import crm_lead_score_history
from . import mail_activity
