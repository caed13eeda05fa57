/** Products of square matrices, float64 and float32. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { Matrix } from "ml-matrix"
import { numbers } from "../../src/Numbers.ts"
import type { Case, Parameters, Workload } from "../../src/Workload.ts"
import { compiled } from "./Compiled.ts"
import { jaxJs, tfjsWasm } from "./JavaScriptPeers.ts"

const cases: ReadonlyArray<Case> = [64, 32].flatMap((bits) =>
  [32, 128, 512].map((n) => ({
    name: `gemm f${bits} N=${n}`,
    parameters: { n, bits },
    operations: 2 * n ** 3,
    limit: bits === 64 ? ("float64" as const) : ("float32" as const),
    family: { work: `gemm f${bits}`, by: "N", size: n },
    tolerance: bits === 64 ? 1e-13 : 1e-5,
  })),
)

const product =
  (kernels: Kernels.Kernels, inside: boolean) =>
  ({ bits, n }: Parameters) => {
    const size = n! * n!
    const single = bits === 32
    const { arena, gemm } = kernels
    const fresh = () => {
      if (inside) return single ? arena.f32(size) : arena.f64(size)
      return single ? new Float32Array(size) : new Float64Array(size)
    }
    const [a, b, c] = [fresh(), fresh(), fresh()]
    a.set(numbers(size, 1))
    b.set(numbers(size, 2))
    return { run: () => gemm(false, false, n!, n!, n!, 1, a, b, 0, c), result: () => c }
  }

const mlMatrix = ({ bits, n }: Parameters) => {
  if (bits === 32) return undefined
  const [a, b] = [1, 2].map((salt) => Matrix.from1DArray(n!, n!, numbers(n! * n!, salt)))
  let c = a!
  return {
    run: () => {
      c = a!.mmul(b!)
    },
    result: () => c.to1DArray(),
  }
}

const peers = [await tfjsWasm(), await jaxJs()]
const present = peers.flatMap((peer) => ("absent" in peer ? [] : [peer]))
const absent = peers.flatMap((peer) => ("absent" in peer ? [peer] : []))

const own = compiled(
  (kernels) => product(kernels, true),
  () => true,
)

export const workload: Workload = {
  cases,
  implementations: [
    { name: "strict", own: true, prepare: product(Kernels.strict(), true) },
    { name: "relaxed", own: true, prepare: product(RelaxedKernels.relaxed(), true) },
    { name: "strict, ordinary arrays", own: true, prepare: product(Kernels.strict(), false) },
    ...own.implementations,
    { name: "ml-matrix", own: false, prepare: mlMatrix },
    ...present.map(({ implementation }) => implementation),
  ],
  missing: {
    ...own.missing,
    ...Object.fromEntries(absent.map((peer) => [peer.absent, peer.reason])),
  },
  versions: {
    ...own.versions,
    ...Object.fromEntries(
      present.map(({ implementation, version }) => [implementation.name, version]),
    ),
  },
}
