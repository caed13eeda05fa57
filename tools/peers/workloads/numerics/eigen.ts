/** Dense eigenproblems: symmetric with vectors, Hermitian without, and the top of a large symmetric matrix. */
import { Kernels, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { EigenvalueDecomposition, Matrix } from "ml-matrix"
import { numbers, symmetric } from "../../src/Numbers.ts"
import type { Case, Parameters, Work, Workload } from "../../src/Workload.ts"
import { compiled } from "./Compiled.ts"

const full = 0
const hermitian = 1
const top = 2

const cases: ReadonlyArray<Case> = [
  ...[30, 100, 300].map((n) => ({
    name: `symmetric eigen-decomposition d=${n}`,
    parameters: { n, kind: full },
    family: { work: "symmetric eigen-decomposition", by: "d", size: n },
    tolerance: 1e-12,
  })),
  ...[10, 40, 160].map((n) => ({
    name: `Hermitian eigenvalues d=${n}`,
    parameters: { n, kind: hermitian },
    family: { work: "Hermitian eigenvalues", by: "d", size: n },
    tolerance: 1e-12,
  })),
  ...[250, 500, 1000].map((n) => ({
    name: `top 10 of a symmetric matrix d=${n}`,
    parameters: { n, kind: top },
    family: { work: "top 10 of a symmetric matrix", by: "d", size: n },
    tolerance: 1e-9,
  })),
]

/** Keeps what `compute` returned. */
const keeping = (compute: () => Float64Array): Work => {
  let values: Float64Array = new Float64Array(0)
  return {
    run: () => {
      values = compute()
    },
    result: () => values,
  }
}

const prepare =
  (kernels: Kernels.Kernels) =>
  ({ kind, n }: Parameters): Work => {
    if (kind === hermitian) {
      const re = symmetric(n!, 1)
      const im = numbers(n! * n!, 2)
      for (let i = 0; i < n!; i++) {
        im[i * n! + i] = 0
        for (let j = 0; j < i; j++) im[j * n! + i] = -im[i * n! + j]!
      }
      return keeping(() => HermitianEigen.eigenvalues(re, im, n!, kernels))
    }
    const a = symmetric(n!, 1)
    if (kind === full) return keeping(() => SymmetricEigen.eigen(a, n!, kernels).values)
    const options = { dimension: n!, count: 10, seed: Seed.root(1), kernels }
    return keeping(() => Lanczos.topOfSymmetric(a, options).values)
  }

const mlMatrix = ({ kind, n }: Parameters): Work | undefined => {
  if (kind !== full) return undefined
  const a = Matrix.from1DArray(n!, n!, symmetric(n!, 1))
  return keeping(() => {
    const { realEigenvalues } = new EigenvalueDecomposition(a, { assumeSymmetric: true })
    return Float64Array.from(realEigenvalues)
  })
}

const own = compiled(prepare, () => true)

export const workload: Workload = {
  cases,
  implementations: [
    { name: "strict", own: true, prepare: prepare(Kernels.strict()) },
    { name: "relaxed", own: true, prepare: prepare(RelaxedKernels.relaxed()) },
    ...own.implementations,
    { name: "ml-matrix", own: false, prepare: mlMatrix },
  ],
  missing: own.missing,
  versions: own.versions,
}
