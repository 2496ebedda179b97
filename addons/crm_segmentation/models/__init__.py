from . import crm_segment_member
from . import crm_segment_target
from . import crm_segment
from . import crm_segment_history
from . import crm_segment_refresh
from . import crm_criterion_refresh
from . import crm_lead
from . import res_partner
