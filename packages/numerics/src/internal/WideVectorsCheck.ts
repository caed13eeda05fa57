/**
 * The program that `WideVectors` starts: whether compiled kernels give the bits of the plain loops, on shapes that reach every loop of theirs. Ends with 0
 * where they do.
 */
import process from "node:process"
import { setEnvironmentData } from "node:worker_threads"
import { joined } from "../kernels/Instance.ts"
import * as Kernels from "../Kernels.ts"
import * as RandomStream from "../RandomStream.ts"
import * as Seed from "../Seed.ts"
import { type Call, type Result, runs } from "./WideVectorsRuns.ts"

setEnvironmentData(joined, true)

const capacity = 2 ** 26
const stream = RandomStream.make(Seed.root(1))

const numbers = (n: number): Float64Array => stream.normals(n)

const sizes = [1, 3, 4, 5, 7, 8, 16, 21, 40]

const calls = function* (): Generator<Call> {
  for (const [at, m] of sizes.entries()) {
    for (const n of sizes) {
      const k = n === 40 && m === 40 ? 259 : sizes[(at + n) % sizes.length]!
      const [a, b, c] = [numbers(m * k), numbers(k * n), numbers(m * n)]
      const [x, u] = [numbers(n), numbers(m)]
      for (const turned of [0, 1, 2, 3]) {
        const [ta, tb] = [(turned & 1) === 1, turned > 1]
        for (const [alpha, beta] of [[1, 0] as const, [0.3, -0.7] as const]) {
          yield (kernels) => {
            const [out, out32, y] = [c.slice(), Float32Array.from(c), (ta ? x : u).slice()]
            kernels.gemm(ta, tb, m, n, k, alpha, a, b, beta, out)
            const [a32, b32] = [Float32Array.from(a), Float32Array.from(b)]
            kernels.gemm(ta, tb, m, n, k, alpha, a32, b32, beta, out32)
            kernels.gemv(ta, m, n, alpha, c, ta ? u : x, beta, y)
            const [c32, y32] = [Float32Array.from(c), Float32Array.from(ta ? x : u)]
            kernels.gemv(ta, m, n, alpha, c32, Float32Array.from(ta ? u : x), beta, y32)
            return [out, out32, y, y32]
          }
        }
      }
      yield (kernels) => {
        const [ax, atu] = [new Float64Array(m), new Float64Array(n)]
        kernels.gemvBoth(m, n, c, x, ax, u, atu)
        const turned = c.slice()
        kernels.ger(m, n, 0.3, u, x, turned)
        return [ax, atu, turned]
      }
    }
  }
  for (const n of [...sizes, 64, 97]) yield* squares(n)
  for (const n of [1, 2, 3, 5, 8, 21]) yield* runs(n, numbers)
}

/** Factors, functions and sums of order n. */
const squares = function* (n: number): Generator<Call> {
  const [a, b, x, y] = [numbers(n * n), numbers(n * n), numbers(n * n), numbers(n * n)]
  yield (kernels) => {
    const [gram, gramOfColumns] = [new Float64Array(n * n), new Float64Array(n * n)]
    kernels.syrk(false, n, n, 1, a, 0, gram)
    kernels.syrk(true, n, n, 1, a, 0, gramOfColumns)
    const factor = gram.map((value, i) => value + (i % (n + 1) === 0 ? 1 : 0))
    kernels.cholesky(n, factor)
    const solved = b.slice()
    kernels.solveTriangular(true, false, n, n, factor, solved)
    kernels.solveTriangular(true, true, n, n, factor, solved)
    kernels.syr2(n, 0.3, x.subarray(0, n), y.subarray(0, n), gramOfColumns)
    const [reflectors, tau, product] = [a.slice(), new Float64Array(n), b.slice()]
    kernels.qr(n, n, reflectors, tau)
    kernels.multiplyQ(true, n, n, reflectors, tau, n, product)
    return [gram, gramOfColumns, factor, solved, reflectors, tau, product]
  }
  yield (kernels) => {
    const [values, slopes] = [new Float64Array(n * n), new Float64Array(n * n)]
    const found = (["tanh", "sigmoid", "softplus", "cube", "relu"] as const).flatMap((name) => {
      kernels.activate(name, x, values, slopes)
      return [values.slice(), slopes.slice()]
    })
    const labels = Int32Array.from({ length: n }, (_, i) => (7 * i) % n)
    const loss = kernels.softmaxCrossEntropy(n, n, x, labels, values)
    const sums = Float64Array.of(loss, kernels.dot(x, y), kernels.norm(x))
    const [left, right] = [x.slice(), y.slice()]
    kernels.axpy(0.3, left, right)
    kernels.rotate(0.6, -0.8, left, right)
    return [...found, values, sums, left, right]
  }
  yield (kernels) => {
    const rows = Uint32Array.from({ length: n }, (_, i) => (3 * i) % n)
    const [residual, out] = [new Float64Array(n), new Float64Array(n)]
    kernels.residualGradient(n, a, rows, x.subarray(0, n), y.subarray(0, n), 0.5, residual, out)
    const widths = Int32Array.of(n, n, n)
    const [products, backs, gradient] = [
      new Float64Array(n * n),
      b.slice(),
      new Float64Array(2 * n * n),
    ]
    const layers = Float64Array.of(...a.subarray(0, n * n), ...x)
    kernels.chain(widths, layers, products)
    kernels.chainGradient(widths, layers, products, backs, gradient)
    return [residual, out, products, gradient]
  }
  yield (kernels) => {
    const starts = Uint32Array.from({ length: n + 1 }, (_, k) => Math.min(n, 2 * k))
    const others = Uint32Array.from({ length: n }, (_, e) => (3 * e) % n)
    const entries = x.subarray(0, n)
    const table = { starts, others, values: entries, confidence: entries.map(Math.abs) }
    const [own, left, product] = [
      new Float64Array(n * n),
      new Float64Array(n),
      new Float64Array(n * n),
    ]
    kernels.sparseLeastSquares(n - 1, table, a, y.subarray(0, n).map(Math.abs), 0.3, own)
    const square = kernels.sparseResiduals(n - 1, table, own, a, left)
    kernels.sparseProduct(true, n, table, b, product)
    return [own, left, product, Float64Array.of(square)]
  }
}

// a matrix that the caches do not hold has loops of its own
const [many, wide] = [66, 32_001]
const tall = new Float64Array(many * wide)
for (let i = 0; i < tall.length; i++) tall[i] = ((i * 7919) % 1013) / 512 - 1

const large: Call = (kernels) => {
  const [ax, atu] = [new Float64Array(many), new Float64Array(wide)]
  kernels.gemv(false, many, wide, 1, tall, tall.subarray(0, wide), 0, ax)
  kernels.gemv(true, many, wide, 1, tall, tall.subarray(0, many), 0, atu)
  return [ax, atu]
}

const bits = (array: Result): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength)

const same = (a: ReadonlyArray<Result>, b: ReadonlyArray<Result>): boolean =>
  a.every((array, i) => bits(array).equals(bits(b[i]!)))

const strict = Kernels.makeStrict({ capacity })
const reference = Kernels.makeReference({ capacity: 0 })
const agrees = [...calls(), large].every((call) => same(call(strict), call(reference)))
process.exitCode = agrees && strict.name === "strict" ? 0 : 1
