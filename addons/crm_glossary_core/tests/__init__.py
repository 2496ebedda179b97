from . import test_engine
from . import test_engine_parser
from . import test_criterion_refresh
from . import test_describe
from . import test_engine_properties
