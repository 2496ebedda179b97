from . import base_partner_merge_automatic_wizard
from . import crm_segment_combine
from . import crm_segment_dry_run
from . import crm_segment_edit
from . import crm_segment_import
from . import crm_segment_members_on
