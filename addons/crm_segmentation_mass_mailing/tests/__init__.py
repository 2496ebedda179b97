from . import test_segment_mailing
from . import test_segment_mailing_action
from . import test_segment_mailing_list
from . import test_segment_mailing_source
