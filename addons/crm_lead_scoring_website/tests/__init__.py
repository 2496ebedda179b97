from . import test_visits
from . import test_visits_counting
