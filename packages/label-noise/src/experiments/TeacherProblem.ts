import { RandomStream, type Seed, SymmetricEigen, Vector } from "@nonconvex/numerics"
import * as Activation from "../Activation.ts"
import { outputs, type TwoLayer, twoLayer } from "../TwoLayer.ts"
import { warmStart } from "../WarmStart.ts"

/** Standard deviation of the parameters of teacher and student. */
const deviation = 0.25

const candidates = 2000

/** Data of norm 1 whose Gram matrix has about these eigenvalues, ascending: the best of many draws. */
const dataLike = (seed: Seed.Seed, eigenvalues: ReadonlyArray<number>): Float64Array => {
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
    const { values } = SymmetricEigen.eigen(gram, n)
    const distance = eigenvalues.reduce(
      (sum, value, k) => sum + Math.log(Math.max(values[k]!, 1e-9) / value) ** 2,
      0,
    )
    if (distance >= least) continue
    least = distance
    best = rows
  }
  return best
}

/** A cubic student that fits the labels of a cubic teacher with as many neurons, on as many data as dimensions. */
export const teacherProblem = (
  seed: Seed.Seed,
  eigenvalues: ReadonlyArray<number>,
  neurons: number,
): { readonly network: TwoLayer; readonly theta: Float64Array } => {
  const n = eigenvalues.length
  const blank = twoLayer({
    activation: Activation.cubic(1),
    features: dataLike(seed.child("features"), eigenvalues),
    dimension: n,
    labels: new Float64Array(n),
    neurons,
  })
  const drawn = (label: string): Float64Array => {
    const theta = new Float64Array(neurons * n)
    RandomStream.make(seed.child(label)).fillNormal(theta)
    Vector.scale(deviation, theta)
    return theta
  }
  const network = { ...blank, labels: outputs(blank, drawn("teacher")) }
  return { network, theta: warmStart(network, drawn("student")) }
}
