/** Run as a program: what a step of the Dyson flow allocates, and where the steps led, as JSON. */
import { allocated } from "@nonconvex/evidence/memory"
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as DysonBrownianMotion from "../../src/eigenvalues/DysonBrownianMotion.ts"

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  readonly taken: number
  readonly residual: number
  readonly position: ReadonlyArray<number>
}

const [size = "4", steps = "1"] = process.argv.slice(2)
const dimension = Number(size)
const flow = DysonBrownianMotion.make(new Float64Array(dimension), { beta: 2, timeStep: 1e-3 })
const normals = new Float64Array(dimension)
RandomStream.make(Seed.root(1)).fillNormal(normals)
const takeSteps = (count: number) => {
  for (let t = 0; t < count; t++) {
    // noise that goes to and fro
    for (let i = 0; i < dimension; i++) normals[i] = -normals[i]!
    DysonBrownianMotion.step(flow, normals)
  }
}
const found = await allocated(takeSteps, { first: 10_000, steps: Number(steps) })
process.stdout.write(
  JSON.stringify({
    ...found,
    taken: flow.steps,
    residual: flow.residual,
    position: [...flow.position],
  } satisfies Found),
)
