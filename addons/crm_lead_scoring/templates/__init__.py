"""Scoring models to start from: what is sold to whom, and the rules that suit it.

Each template is a dict as :mod:`..tools.model_file` describes it, but: names are lazy
translations; a rule has ``domains``, of which the first that works in the database is
taken; ``needs`` names the module without which its signal is never noted; ``summary``
says whom the template suits.
"""

from .b2b import B2B
from .b2c import B2C
from .saas import SAAS
from .services import SERVICES

#: By code, in the order in which they are offered.
TEMPLATES = {"b2b": B2B, "b2c": B2C, "saas": SAAS, "services": SERVICES}
