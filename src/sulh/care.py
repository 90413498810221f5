"""Medical support: ``sulh.care.Case.read(folder).simulate()``."""

from sulh.api.care import *
from sulh.api.care import __all__ as __all__
