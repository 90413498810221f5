"""Where signs stand in bytes: 64 bytes at a time, as the bits of one number.

The compiler makes the comparison of 64 bytes one or a few instructions on every processor that it
knows; a loop over single bytes takes a branch for each, and guesses it wrong at every tabulator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

WIDTH = 64


def _compare(sign: int) -> Any:
    """Return a function of bytes and a place: the bits of the 64 bytes from there that are so."""

    @intrinsic
    def compared(typing: Any, data: Any, place: Any) -> tuple[Signature, Any]:  # noqa: ARG001
        def make(context: Any, builder: Any, signature: Signature, values: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, values[0])
            many = ir.VectorType(ir.IntType(8), WIDTH)
            start = builder.gep(array.data, [values[1]])
            loaded = builder.load(builder.bitcast(start, many.as_pointer()), align=1)
            same = builder.icmp_unsigned("==", loaded, ir.Constant(many, [sign] * WIDTH))
            return builder.bitcast(same, ir.IntType(WIDTH))

        return types.uint64(data, types.intp), make

    return compared


@intrinsic
def _lowest(typing: Any, bits: Any) -> tuple[Signature, Any]:  # noqa: ARG001
    """Return the place of the lowest bit that is set; the bits must not be 0."""

    def make(context: Any, builder: Any, signature: Signature, values: Any) -> Any:  # noqa: ARG001
        return builder.cttz(values[0], cgutils.true_bit)

    return types.uint64(types.uint64), make


@intrinsic
def _number_set(typing: Any, bits: Any) -> tuple[Signature, Any]:  # noqa: ARG001
    """Return how many bits are set."""

    def make(context: Any, builder: Any, signature: Signature, values: Any) -> Any:  # noqa: ARG001
        return builder.ctpop(values[0])

    return types.uint64(types.uint64), make


# The compiler calls these with what it compiles; to a reader they are functions of numbers.
lowest: Callable[[Any], Any] = cast(Any, _lowest)
number_set: Callable[[Any], Any] = cast(Any, _number_set)
tabs_at: Callable[[Any, int], Any] = _compare(9)
ends_at: Callable[[Any, int], Any] = _compare(10)
