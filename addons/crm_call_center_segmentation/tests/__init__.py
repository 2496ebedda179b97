from . import test_segment_call_list
