from . import callee_time
from . import phone
