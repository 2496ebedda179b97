from . import pattern
