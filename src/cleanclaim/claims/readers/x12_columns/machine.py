"""What the compiled reader is made with: memory by address, the bits of a word, and the making of machine code.

Everything here takes a bare address and checks nothing: each caller says why the address lies inside. It brings numba:
:mod:`~cleanclaim.claims.readers.x12_columns.native` imports this, and what is made with it, to compile and only then.
"""

# The signatures and generators below are those of numba's untyped interface.
# mypy: disable-error-code="no-untyped-def, misc, no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from inspect import signature as signature_of
from typing import Any, Final, TypeVar, cast

import llvmlite.binding as llvm
import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import register_pass
from numba.core.registry import cpu_target
from numba.core.typed_passes import NativeLowering
from numba.extending import intrinsic

_WORD: Final = ir.IntType(64)
_Function = TypeVar("_Function", bound=Callable[..., Any])


@register_pass(mutates_CFG=True, analysis_only=False)
class _Beside(NativeLowering):
    """Puts a function beside the others of the reader, as LLVM has it, and makes no machine code of it by itself.

    numba would make each a library of its own, with all that it calls in it: a function that much else calls would be
    optimized and assembled dozens of times over.
    """

    _name = "beside_the_others"

    def run_pass(self, state: Any) -> bool:
        state.library = _LIBRARY
        state.flags.no_compile = True
        super().run_pass(state)
        made = state["cr"]
        key: Any = [].append  # numba tells functions apart by a builtin of its own, which Python could call
        state.targetctx.insert_user_function(key, made.fndesc)
        state["cr"] = made._replace(cfunc=key)
        return True


class _Compiler(CompilerBase):
    def define_pipelines(self) -> list[Any]:
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [(_Beside if step is NativeLowering else step, why) for step, why in steps.passes]
        steps.finalize()
        return [steps]


_LIBRARY: Final[Any] = cpu_target.target_context.codegen().create_library("cleanclaim.x12_columns")
_OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "pipeline_class": _Compiler,
}


def helper(function: _Function) -> _Function:
    """A function of the reader, compiled where another one calls it: once, whatever constants it is called with."""
    return _compiled_later(function, inline=False)


def inlined(function: _Function) -> _Function:
    """The same for one that most segments go through: it is put wherever it is called."""
    return _compiled_later(function, inline=True)


def _compiled_later(function: _Function, *, inline: bool) -> _Function:
    made: Any = numba.njit(**_OPTIONS, forceinline=inline)(function)
    template = made.get_call_template
    made.get_call_template = lambda arguments, named: template([types.unliteral(one) for one in arguments], named)
    return cast("_Function", made)


kernel: Final = helper
"""A function that Python calls: each argument is a 64-bit number or address, and so is what it returns."""


def machine_code(kernels: dict[str, Callable[..., int]]) -> bytes:
    """An object file of these functions, under these names, for the processor of this machine."""
    with global_compiler_lock:
        for name, function in kernels.items():
            _enter(name, cast("Any", function))
        module = llvm.parse_assembly(str(_linked()))
    for function in module.functions:
        if not function.is_declaration and function.name not in kernels:
            function.linkage = llvm.Linkage.internal  # so that what is called once is put where it is called
    machine = _LIBRARY.codegen._tm  # noqa: SLF001 - as numba names this processor to LLVM
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


def _enter(name: str, dispatcher: Any) -> None:
    """Compile a kernel, and put a function of plain C beside it that has its name and calls it."""
    kinds = (types.int64,) * len(signature_of(dispatcher.py_func).parameters)
    dispatcher.compile(kinds)
    found = dispatcher.overloads[kinds].fndesc
    context = cpu_target.target_context
    module = _LIBRARY.create_ir_module(name)
    entry = ir.Function(module, ir.FunctionType(_WORD, [_WORD] * len(kinds)), name)
    builder = ir.IRBuilder(entry.append_basic_block())
    inner = context.declare_function(module, found)
    _, answer = context.call_conv.call_function(builder, inner, found.restype, found.argtypes, entry.args)
    builder.ret(answer)
    _LIBRARY.add_ir_module(module)


def _linked() -> Any:
    """Everything that was put beside each other, with those of numba's own functions that it calls."""
    module = _LIBRARY._final_module  # noqa: SLF001 - numba has no other way to its module before it is optimized
    for library in dict.fromkeys(_LIBRARY._linking_libraries):  # noqa: SLF001 - as above
        module.link_in(library._get_module_for_linking(), preserve=True)  # noqa: SLF001 - as above
    return module


def _load(width: int, kind: Any, *, signed: bool = False) -> Any:
    @intrinsic
    def load(typing_context, address):  # noqa: ARG001, ANN001, ANN202
        def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
            pointer = builder.inttoptr(arguments[0], ir.IntType(width).as_pointer())
            value = builder.load(pointer, align=1)
            if width == 64:  # noqa: PLR2004
                return value
            return (builder.sext if signed else builder.zext)(value, ir.IntType(64))

        return kind(types.int64), generate

    return load


def _store(width: int) -> Any:
    @intrinsic
    def store(typing_context, address, value):  # noqa: ARG001, ANN001, ANN202
        def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
            pointer = builder.inttoptr(arguments[0], ir.IntType(width).as_pointer())
            given = arguments[1]
            builder.store(given if width == 64 else builder.trunc(given, ir.IntType(width)), pointer, align=1)  # noqa: PLR2004
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    return store


load_word: Final[Callable[[int], np.uint64]] = _load(64, types.uint64)
"""Eight bytes, the first in the lowest bits."""
load_int64: Final[Callable[[int], int]] = _load(64, types.int64)
load_uint32: Final[Callable[[int], int]] = _load(32, types.int64)
load_int32: Final[Callable[[int], int]] = _load(32, types.int64, signed=True)
load_byte: Final[Callable[[int], int]] = _load(8, types.int64)
store_int64: Final[Callable[[int, int], None]] = _store(64)
store_int32: Final[Callable[[int, int], None]] = _store(32)
store_int16: Final[Callable[[int, int], None]] = _store(16)
store_byte: Final[Callable[[int, int], None]] = _store(8)


def copier(size: int) -> Callable[[int, int], None]:
    """What copies so many bytes, a multiple of eight, from one address to another."""

    @intrinsic
    def copy(typing_context, source, target):  # noqa: ARG001, ANN001, ANN202
        def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
            record = ir.VectorType(_WORD, size // 8).as_pointer()
            source, target = (builder.inttoptr(address, record) for address in arguments)
            builder.store(builder.load(source, align=1), target, align=1)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    return cast("Callable[[int, int], None]", copy)


@intrinsic
def _fetch(typing_context, address):  # noqa: ARG001, ANN001, ANN202
    """Have the bytes around an address brought near the processor, for them to be read soon. There may be none."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
        how = (ir.Constant(number, value) for value in (0, 3, 1))  # to be read, and kept; data
        builder.call(prefetch, [builder.inttoptr(arguments[0], pointer), *how])
        return context.get_dummy_value()

    return types.void(types.int64), generate


@intrinsic
def _trailing_zeros(typing_context, word):  # noqa: ARG001, ANN001, ANN202
    """How many bits below the lowest one that is set; 64 where none is."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@intrinsic
def _bits_set(typing_context, word):  # noqa: ARG001, ANN001, ANN202
    """How many bits are set."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


fetch: Final[Callable[[int], None]] = cast("Any", _fetch)
trailing_zeros: Final[Callable[[np.uint64], int]] = cast("Any", _trailing_zeros)
bits_set: Final[Callable[[np.uint64], int]] = cast("Any", _bits_set)


@helper
def signed(word: np.uint64) -> int:
    """The same 64 bits as a signed number."""
    number: int = np.int64(word)  # type: ignore[assignment]  # to the compiler the two are one
    return number
