import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { normals } from "./Expand.ts"

export const wishart = (seed: Seed.Seed, d: number, rank: number, kernels: Kernels.Kernels) => {
  const out = new Float64Array(d * d)
  kernels.syrk(true, d, rank, 1, normals(seed, d * rank), 0, out)
  return out
}

export const rotated = (
  matrix: Float64Array,
  q: Float64Array,
  d: number,
  { gemm }: Kernels.Kernels,
) => {
  const half = new Float64Array(d * d)
  const out = new Float64Array(d * d)
  gemm(false, false, d, d, d, 1, q, matrix, 0, half)
  gemm(false, true, d, d, d, 1, half, q, 0, out)
  return out
}
