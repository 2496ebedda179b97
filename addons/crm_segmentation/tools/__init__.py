from . import expression, identifier
