import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"

/** The rank of the derivative of (U, V) -> U V' at random factors of rank r. */
const tangentRank = (
  { columns, rank, rows, seed }: Readonly<Record<"columns" | "rank" | "rows" | "seed", number>>,
  kernels: Parameters<typeof SymmetricEigen.eigen>[2],
): number => {
  const stream = RandomStream.make(Seed.root(seed))
  const [u, v] = [stream.normals(rows * rank), stream.normals(columns * rank)]
  const size = rows * columns
  const gram = new Float64Array(size * size)
  const derivative = new Float64Array(size)
  const add = () => {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) gram[a * size + b]! += derivative[a]! * derivative[b]!
    }
  }
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < rows; i++) {
      derivative.fill(0)
      for (let j = 0; j < columns; j++) derivative[i * columns + j] = v[j * rank + k]!
      add()
    }
    for (let j = 0; j < columns; j++) {
      derivative.fill(0)
      for (let i = 0; i < rows; i++) derivative[i * columns + j] = u[i * rank + k]!
      add()
    }
  }
  const { values } = SymmetricEigen.eigen(gram, size, kernels)
  return values.filter((value) => value > 1e-9 * values.at(-1)!).length
}

export const dimensionOfLowRank = claim<
  Readonly<Record<"columns" | "rank" | "rows" | "seed", number>>,
  typeof Theory.degreesOfFreedom
>({
  id: "matrix-factorization/dimension-of-low-rank",
  statement:
    "The matrices of rank r have r (d_0 + d_L - r) dimensions, the dimension of their tangent spaces. The recovery guarantee of nuclear-norm minimisation needs one more than three times as many Gaussian measurements.",
  inFloatingPoint: "agreement",
  source: derived("tangent space of the product of two factors"),
  instances: Draw.integer(1, 3).chain((rank) =>
    Draw.record({
      rank: Draw.oneOf(rank),
      rows: Draw.integer(rank, 5),
      columns: Draw.integer(rank, 5),
      seed: Draw.seed(),
    }),
  ),
  value: Theory.degreesOfFreedom,
  margin: ({ instance, kernels, value: dimension }) => {
    const { columns, rank, rows } = instance
    const found = tangentRank(instance, kernels)
    return Margin.all(
      Margin.holds(dimension(rows, columns, rank) === found),
      Margin.holds(Theory.gaussianRecovery(rows, columns, rank) === 3 * found + 1),
    )
  },
  controls: [
    { name: "the numbers of two factors", value: (rows, columns, rank) => rank * (rows + columns) },
  ],
})
