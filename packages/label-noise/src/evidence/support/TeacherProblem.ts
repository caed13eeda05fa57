import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Activation from "../../network/Activation.ts"
import { relabelled, type TwoLayer, twoLayerThrough } from "../../network/TwoLayer.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { normalRows, unitRows } from "./Rows.ts"

/** Standard deviation of the parameters of teacher and student. */
const deviation = 0.25

const candidates = 2000

/** Data of norm 1 whose Gram matrix has approximately these eigenvalues, ascending: the best of many draws. */
export const dataLike = (
  seed: Seed.Seed,
  eigenvalues: ReadonlyArray<number>,
  kernels: Kernels.Kernels,
): Float64Array => {
  const n = eigenvalues.length
  const stream = RandomStream.make(seed)
  let best = new Float64Array(n * n)
  let least = Number.POSITIVE_INFINITY
  for (let candidate = 0; candidate < candidates; candidate++) {
    const rows = new Float64Array(n * n)
    for (let i = 0; i < n; i++) stream.fillSphere(rows.subarray(i * n, (i + 1) * n))
    const gram = Float64Array.from({ length: n * n }, (_, k) => {
      const i = Math.floor(k / n) * n
      const j = (k % n) * n
      return Vector.dot(rows.subarray(i, i + n), rows.subarray(j, j + n))
    })
    const { values } = SymmetricEigen.eigen(gram, n, kernels)
    const distance = eigenvalues.reduce(
      (sum, value, k) =>
        sum + Elementary.square(Elementary.log(Math.max(values[k]!, 1e-9) / value)),
      0,
    )
    if (distance >= least) continue
    least = distance
    best = rows
  }
  return best
}

interface Student {
  readonly dimension: number
  readonly neurons: number
  /** Standard deviation of the parameters; default that of the teacher. */
  readonly deviation?: number
  readonly kernels: Kernels.Kernels
}

/** A network on the labels of a cubic teacher with as many neurons, and a cubic student that need not fit them. */
export const teacherAndStudent = (
  seed: Seed.Seed,
  features: Float64Array,
  options: Student,
): { readonly network: TwoLayer; readonly student: Float64Array } => {
  const { deviation: own = deviation, dimension, kernels, neurons } = options
  const rows = (label: string, sd: number) => normalRows(seed.child(label), neurons, dimension, sd)
  const cubic = { activation: Activation.cubic(1), features, dimension, neurons, kernels }
  const network = twoLayerThrough(rows("teacher", deviation), cubic)
  return { network, student: rows("student", own) }
}

/** A cubic network on data of norm 1 that fits by construction: its labels are its initial outputs. */
export const selfTaught = (
  seed: Seed.Seed,
  options: Student & { readonly size: number },
): { readonly network: TwoLayer; readonly theta: Float64Array } => {
  const features = unitRows(seed.child("features"), options.size, options.dimension)
  const { network, student } = teacherAndStudent(seed, features, options)
  return { network: relabelled(network, student), theta: student }
}

/** A cubic student that fits the labels of a cubic teacher with as many neurons, on as many data as dimensions. */
export const teacherProblem = (
  seed: Seed.Seed,
  eigenvalues: ReadonlyArray<number>,
  neurons: number,
  kernels: Kernels.Kernels,
): { readonly network: TwoLayer; readonly theta: Float64Array } => {
  const features = dataLike(seed.child("features"), eigenvalues, kernels)
  const dimension = eigenvalues.length
  const { network, student } = teacherAndStudent(seed, features, { dimension, neurons, kernels })
  return { network, theta: warmStart(network, student) }
}
