"""How the kernels of this engine are compiled: without numba's runtime, for they allocate nothing.

Counting references to two dozen arrays at every call would take longer than the work itself. They
let other threads run meanwhile.
"""

from __future__ import annotations

from functools import partial

from numba import njit

_plain = partial(njit, cache=True, _nrt=False, error_model="numpy")

kernel = _plain(nogil=True)
"""For functions that Python calls."""

inner = _plain(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only compiled ones call."""
