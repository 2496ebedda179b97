from . import test_call_score
