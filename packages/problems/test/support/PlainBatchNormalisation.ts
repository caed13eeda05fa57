/** A network 3-4-norm-tanh-norm-2 in arrays of arrays, written down from the definition: no layout, no kernels. */
import { batchNormalised } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import { points } from "./Problems.ts"

const samples = 7
const epsilon = 0.02
const architecture = Architecture.layered({
  input: 3,
  blocks: [
    Block.dense(4),
    Block.batchNormalisation({ epsilon }),
    Block.activation("tanh"),
    Block.batchNormalisation({ epsilon }),
    Block.dense(2),
  ],
})
const features = points(samples * 3, 1, 1, "plain features")[0]!
const labels = [0, 1, 1, 0, 1, 0, 0]

export const plain = {
  architecture,
  features,
  labels,
  objective: batchNormalised({
    features,
    dimension: 3,
    architecture,
    loss: Loss.crossEntropy(labels),
  }),
}

type Rows = ReadonlyArray<ReadonlyArray<number>>

const mean = (values: ReadonlyArray<number>) =>
  values.reduce((sum, v) => sum + v, 0) / values.length

const affine = (rows: Rows, weights: ReadonlyArray<number>, bias: ReadonlyArray<number>): Rows =>
  rows.map((row) =>
    bias.map((b, j) => row.reduce((sum, a, k) => sum + weights[j * row.length + k]! * a, b)),
  )

/** Outputs and mean cross entropy of some samples, normalised by their own statistics, which it returns, or by those that are given. */
export const plainOutputs = (
  x: Float64Array,
  indices: ReadonlyArray<number>,
  given?: ReadonlyArray<number>,
) => {
  let at = 0
  const next = (count: number) => [...x.subarray(at, (at += count))]
  const statistics: Array<number> = []
  const normalise = (rows: Rows): Rows => {
    const [scales, shifts] = [next(4), next(4)]
    const from = statistics.length
    const columns = scales.map((_, c) => rows.map((row) => row[c]!))
    const means = columns.map(mean)
    const squares = columns.map((column, c) => mean(column.map((v) => (v - means[c]!) ** 2)))
    const fewer = squares.map((v) => (v * rows.length) / (rows.length - 1))
    statistics.push(...means, ...fewer)
    const by = given === undefined ? [...means, ...squares] : given.slice(from, from + 8)
    return rows.map((row) =>
      row.map((v, c) => (scales[c]! * (v - by[c]!)) / Math.sqrt(by[4 + c]! + epsilon) + shifts[c]!),
    )
  }
  const rows = indices.map((i) => [...features.subarray(3 * i, 3 * i + 3)])
  const hidden = normalise(affine(rows, next(12), next(4))).map((row) => row.map(Math.tanh))
  const outputs = affine(normalise(hidden), next(8), next(2))
  const losses = outputs.map((row, k) =>
    Math.log(row.reduce((sum, f) => sum + Math.exp(f - row[labels[indices[k]!]!]!), 0)),
  )
  return { outputs, loss: mean(losses), statistics }
}
