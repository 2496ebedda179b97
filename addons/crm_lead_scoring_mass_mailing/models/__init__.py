from . import crm_lead_score_history
from . import link_tracker_click
from . import mail_blacklist
from . import mail_message
from . import mail_thread
from . import mailing_subscription
from . import mailing_trace
