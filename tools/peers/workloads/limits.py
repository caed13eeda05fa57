"""What NumPy makes of the machine, and what its vectors of 256 and 512 bits can do at most: loops written for LLVM, which widens nothing."""

import ctypes

from peers import find

modules, missing = find(["numpy", "llvmlite.binding"])
np = modules["numpy"]

DOUBLE, SINGLE, MEMORY, READING = 0, 1, 2, 5
NEEDED = {256: ["avx2", "fma"], 512: ["avx512f"]}


def ones(count):
    """Not zeros: pages that nobody wrote are all one page of zeros. At the start of a cache line."""
    whole = np.ones(count + 8)
    skipped = (-whole.ctypes.data // 8) % 8
    return whole[skipped : skipped + count]


def numpy(parameters):
    kind = parameters["kind"]
    if kind in (DOUBLE, SINGLE):
        n = parameters["n"]
        a = np.ones((n, n), dtype=np.float64 if kind == DOUBLE else np.float32)
        c = np.empty_like(a)
        return (lambda: np.dot(a, a, out=c)), (lambda: [1])
    if kind in (MEMORY, READING):
        x = ones(parameters["n"])
        return (lambda: x.dot(x)), (lambda: [1])
    return None


def loop(vector, element, count, start, body, arguments):
    """A function of `count` independent vectors: `body` says what the next of vector k is; returns one number of their sum."""
    lines = [f"define {element} @work(i64 %rounds, {arguments}) #0 {{", "entry:", *start, "br label %loop", "loop:"]
    lines.append("%i = phi i64 [0, %entry], [%next, %loop]")
    lines += [f"%c{k} = phi {vector} [%b, %entry], [%d{k}, %loop]" for k in range(count)]
    lines += [line for k in range(count) for line in body(k)]
    lines += ["%next = add i64 %i, 1", "%more = icmp ult i64 %next, %rounds", "br i1 %more, label %loop, label %exit", "exit:"]
    lines += [f"%s{k} = fadd {vector} %{f's{k - 1}' if k > 1 else 'd0'}, %d{k}" for k in range(1, count)]
    lines += [f"%r = extractelement {vector} %s{count - 1}, i32 0", f"ret {element} %r", "}"]
    return lines


def splat(name, argument, vector, element, lanes):
    return [
        f"%{name}0 = insertelement {vector} poison, {element} %{argument}, i32 0",
        f"%{name} = shufflevector {vector} %{name}0, {vector} poison, <{lanes} x i32> zeroinitializer",
    ]


def multiply_add(bits, element):
    """Twelve accumulators, as in assembly/peak.ts."""
    lanes = bits // (64 if element == "double" else 32)
    vector = f"<{lanes} x {element}>"
    name = f"@llvm.fma.v{lanes}f{64 if element == 'double' else 32}"
    start = splat("a", "factor", vector, element, lanes) + splat("b", "term", vector, element, lanes)
    body = lambda k: [f"%d{k} = call {vector} {name}({vector} %c{k}, {vector} %a, {vector} %b)"]
    declared = f"declare {vector} {name}({vector}, {vector}, {vector})"
    return [declared, *loop(vector, element, 12, start, body, f"{element} %factor, {element} %term")], lanes * 12 * 2


def sum_of(bits):
    """Eight loads and additions a round, in the order of the addresses."""
    lanes = bits // 64
    vector = f"<{lanes} x double>"
    start = splat("b", "term", vector, "double", lanes)

    def body(k):
        return [
            *([f"%base = mul i64 %i, {8 * lanes}"] if k == 0 else []),
            f"%at{k} = add i64 %base, {k * lanes}",
            f"%p{k} = getelementptr double, ptr %x, i64 %at{k}",
            f"%v{k} = load {vector}, ptr %p{k}, align 8",
            f"%d{k} = fadd {vector} %c{k}, %v{k}",
        ]

    return loop(vector, "double", 8, start, body, "ptr %x, double %term"), 8 * lanes


engines = []


def compiled(lines, bits, result, *arguments):
    llvm = modules["llvmlite.binding"]
    # without these a processor that is tuned for narrower vectors gets two of them in the place of one
    wide = f'attributes #0 = {{ "min-legal-vector-width"="{bits}" "prefer-vector-width"="{bits}" }}'
    module = llvm.parse_assembly("\n".join([*lines, wide]))
    features = llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    # the code lives as long as its engine
    engines.append(engine)
    return ctypes.CFUNCTYPE(result, ctypes.c_int64, *arguments)(engine.get_function_address("work"))


def simd(bits):
    def prepare(parameters):
        kind = parameters["kind"]
        host = modules["llvmlite.binding"].get_host_cpu_features()
        if not all(host.get(name) for name in NEEDED[bits]):
            return None
        if kind in (DOUBLE, SINGLE):
            element, number = ("double", ctypes.c_double) if kind == DOUBLE else ("float", ctypes.c_float)
            lines, operations = multiply_add(bits, element)
            work = compiled(lines, bits, number, number, number)
            rounds = round(2 * parameters["n"] ** 3 / operations)
            return (lambda: work(rounds, 0.5, 1)), (lambda: [1])
        if kind in (MEMORY, READING):
            lines, doubles = sum_of(bits)
            work = compiled(lines, bits, ctypes.c_double, ctypes.c_void_p, ctypes.c_double)
            x = ones(parameters["n"])
            return (lambda: work(len(x) // doubles, x.ctypes.data, 0)), (lambda: [1])
        return None

    return prepare


implementations = {"numpy": numpy}
if "llvmlite.binding" in modules:
    modules["llvmlite.binding"].initialize_native_target()
    modules["llvmlite.binding"].initialize_native_asmprinter()
    implementations |= {f"{bits}-bit SIMD": simd(bits) for bits in (256, 512)}
