"""Relief: ``sulh.relief.size(disaster, place).summary()``."""

from sulh.api.relief import *
from sulh.api.relief import __all__ as __all__
