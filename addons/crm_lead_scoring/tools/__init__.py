from . import field_values
from . import model_file
from . import portable_domain
from . import protected_attributes
from . import rpc_values
