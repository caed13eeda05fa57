import { Draw, type Given } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { machines } from "./Machines.ts"
import type { Drawn } from "./RandomProblem.ts"

export const fields = { rows: Draw.integer(1, 30), columns: Draw.integer(1, 30), seed: Draw.seed() }

type Rounded = Drawn<typeof fields>

export const oracles = ({ columns, rows, seed }: Rounded, { kernels }: Given) => {
  const root = Seed.root(seed)
  const stream = RandomStream.make(root.child("matrix"))
  const matrix = Float64Array.from({ length: rows * columns }, () => 2 * stream.uniform() - 1)
  return { root, ...machines({ matrix, columns, bits: 20, seed: root, kernels }) }
}
