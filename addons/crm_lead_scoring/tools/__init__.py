from . import protected_attributes
