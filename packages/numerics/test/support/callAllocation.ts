/** Run as a program: what a call of each kernel allocates in the JavaScript heap, in bytes, as JSON. */
import { type HeapProfiler, Session } from "node:inspector/promises"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"

export type Found = Readonly<Record<string, number>>

const n = 16
const calls = 20_000
const rounds = 5

const kernels = Kernels.strict()
const { arena } = kernels
const vector = () => arena.f64(n).fill(0.1)
const matrix = () => {
  const a = arena.f64(n * n).fill(0.01)
  for (let i = 0; i < n; i++) a[i * (n + 1)] = 1
  return a
}
const [x, y, z, w] = [vector(), vector(), vector(), vector()]
const [a, b, c, d] = [matrix(), matrix(), matrix(), matrix()]
const [e, f, g] = [arena.f32(n * n), arena.f32(n * n), arena.f32(n * n)]
const stream = RandomStream.make(Seed.root(1))
const [labels, ordinary] = [arena.i32(n), new Float64Array(n).fill(0.1)]

/** Each call leaves its inputs such that the next one does the same work. */
const work: Readonly<Record<string, () => unknown>> = {
  dot: () => kernels.dot(a, b),
  "dot of ordinary arrays": () => kernels.dot(ordinary, ordinary),
  norm: () => kernels.norm(a),
  axpy: () => kernels.axpy(1e-9, a, d),
  rotate: () => kernels.rotate(0.6, 0.8, c, d),
  gemv: () => kernels.gemv(false, n, n, 1, a, x, 0, y),
  "gemv of ordinary vectors": () => kernels.gemv(true, n, n, 1, a, ordinary, 0, y),
  gemvBoth: () => kernels.gemvBoth(n, n, a, x, y, z, w),
  gemm: () => kernels.gemm(false, true, n, n, n, 1, a, b, 0, c),
  "gemm of float32": () => kernels.gemm(false, false, n, n, n, 1, e, f, 0, g),
  syrk: () => kernels.syrk(false, n, n, 1, a, 0, c),
  ger: () => kernels.ger(n, n, 1e-9, x, z, d),
  symmetricProduct: () => kernels.symmetricProduct(n, a, x, y),
  cholesky: () => {
    c.set(a)
    kernels.cholesky(n, c)
  },
  solveTriangular: () => {
    c.set(b)
    kernels.solveTriangular(true, false, n, n, a, c)
  },
  qr: () => {
    c.set(b)
    kernels.qr(n, n, c, y)
  },
  multiplyQ: () => {
    d.set(b)
    kernels.multiplyQ(true, n, n, c, y, n, d)
  },
  fillNormal: () => kernels.fillNormal(stream, c),
  activate: () => kernels.activate("tanh", a, c, d),
  softmaxCrossEntropy: () => kernels.softmaxCrossEntropy(n, n, a, labels, c),
}

const sizeOf = ({ children, selfSize }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + sizeOf(child), selfSize)

const sizeBelow = (node: HeapProfiler.SamplingHeapProfileNode, name: string): number =>
  node.callFrame.functionName === name
    ? sizeOf(node)
    : node.children.reduce((sum, child) => sum + sizeBelow(child, name), 0)

const repeat = (run: () => unknown, count: number) => {
  for (let k = 0; k < count; k++) run()
}

const session = new Session()
session.connect()

/** The least of several rounds, since V8 compiles at times of its own. */
const perCall = async (run: () => unknown): Promise<number> => {
  for (let k = 0; k < 40; k++) repeat(run, calls / 20)
  let least = Infinity
  for (let round = 0; round < rounds && least > 0; round++) {
    // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: 1024,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    })
    repeat(run, calls)
    // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
    const { profile } = await session.post("HeapProfiler.stopSampling")
    least = Math.min(least, sizeBelow(profile.head, repeat.name))
  }
  return least / calls
}

const found: Record<string, number> = {}
// oxlint-disable-next-line no-await-in-loop -- one measurement at a time
for (const [name, run] of Object.entries(work)) found[name] = await perCall(run)
found["an array"] = await perCall(() => new Float64Array(1))
session.disconnect()
process.stdout.write(JSON.stringify(found satisfies Found))
