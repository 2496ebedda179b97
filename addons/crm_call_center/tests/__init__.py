from . import test_access
from . import test_call
from . import test_call_card
from . import test_call_list_fill
from . import test_call_list_queue
from . import test_call_center_tours
from . import test_merge
from . import test_refresh
