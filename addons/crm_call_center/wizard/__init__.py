from . import base_partner_merge_automatic_wizard
from . import crm_call_receive
from . import crm_call_receive_match
from . import crm_call_import
from . import crm_call_import_column
from . import crm_call_wrap_up
from . import crm_do_not_call_import
from . import crm_do_not_call_remove
