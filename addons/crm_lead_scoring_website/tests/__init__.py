from . import test_visits
from . import test_visits_counting
from . import test_visitor_country
