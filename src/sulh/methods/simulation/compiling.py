"""How kernels are compiled.

Kernels that work on arrays given to them allocate nothing, so they go without numba's runtime:
counting references to a dozen arrays, atomically and at every access, would take ten times as long
as the simulation itself.

numba keeps a compiled function until the file that it stands in changes; whoever edits a function
that it calls, in another file, deletes the `*.nbi` and `*.nbc` files in `__pycache__`.
"""

from __future__ import annotations

from functools import partial

from numba import njit

_plain = partial(njit, cache=True, _nrt=False)

kernel = _plain()
"""For functions that Python calls and that allocate nothing."""

inner = _plain(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only compiled ones call: without the wrappers that Python would need."""

inlined = _plain(inline="always")
"""For small functions on many arrays, where the call would cost more than the work."""
