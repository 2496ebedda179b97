from . import test_segment_score
