from . import base
from . import crm_lead_speed_report
from . import crm_activity_due_report
from . import crm_forecast_report
