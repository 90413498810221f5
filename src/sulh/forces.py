"""Force generation: ``sulh.forces.Case.read(folder).plan()``."""

from sulh.api.forces import *
from sulh.api.forces import __all__ as __all__
