"""Supply: ``sulh.supply.simulate(sulh.supply.Case.read(folder))``."""

from sulh.api.supply import *
from sulh.api.supply import __all__ as __all__
