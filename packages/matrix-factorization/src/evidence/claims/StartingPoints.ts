/** The starting points of the literature, against their definitions. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Matrix from "../../internal/Matrix.ts"
import { distance } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"

export const startingPoints = claim({
  id: "matrix-factorization/starting-points",
  statement:
    "Gaussian layers are the standard normal draws of the seed in order, layer j times scale / sqrt(d_(j-1)). Scaled identities multiply to scale^L on the common diagonal. In an orthogonal layer the rows or the columns, whichever are fewer, are orthogonal and of length scale.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of the starting points")),
  instances: Draw.record({
    rows: Draw.integer(1, 5),
    columns: Draw.integer(1, 5),
    depth: Draw.integer(2, 4),
    hidden: Draw.integer(1, 5),
    scale: Draw.logarithmic(0.5, 2),
    seed: Draw.seed(),
  }),
  /** Factor by which the control scales the start. */
  value: 1,
  margin: ({ instance: { columns, depth, hidden, rows, scale, seed }, kernels, value: unit }) => {
    const root = Seed.root(seed)
    const shape = Factorisation.uniformShape(rows, columns, depth, hidden)
    const sizes = [columns, ...Array.from({ length: depth - 1 }, () => hidden), rows]
    const stream = RandomStream.make(root)
    const normals: Array<number> = []
    for (let j = 1; j <= depth; j++) {
      const deviation = scale / Math.sqrt(sizes[j - 1]!)
      for (let k = 0; k < sizes[j]! * sizes[j - 1]!; k++) normals.push(deviation * stream.normal())
    }
    const found = Initialisation.gaussian(shape, { scale: unit * scale, seed: root })

    const product = Factorisation.endToEnd(shape, Initialisation.identity(shape, scale), kernels)
    const diagonal = new Float64Array(rows * columns)
    const seen = Math.min(rows, columns, hidden)
    for (let k = 0; k < seen; k++) diagonal[k * columns + k] = Elementary.pow(scale, depth)

    const turned = Initialisation.orthogonal(shape, { scale: unit * scale, seed: root })
    const grams = Factorisation.layers(shape, turned).map((part, k) => {
      const [m, n] = [sizes[k + 1]!, sizes[k]!]
      const back = Matrix.transpose(part, m, n)
      const size = Math.min(m, n)
      const gram =
        m <= n
          ? Matrix.multiply(part, back, m, n, m, kernels)
          : Matrix.multiply(back, part, n, m, n, kernels)
      return Margin.atMost(distance(gram, Matrix.identity(size, scale * scale)), 1e-13)
    })
    return Margin.all(
      Margin.holds(found.length === normals.length),
      Margin.atMost(distance(found, Float64Array.from(normals)), 1e-14),
      Margin.atMost(distance(product, diagonal), 1e-14),
      ...grams,
    )
  },
  controls: [{ name: "twice the scale", value: 2 }],
})
