/** Program that prints, as JSON, the allocations of a label-noise step, or the memory for a 200 x 200 table of rank 5. */
import { allocated } from "@nonconvex/evidence/memory"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { existsSync, readFileSync } from "node:fs"
import { lowRank } from "../../src/evidence/support/Instances.ts"
import {
  completion,
  deepFactorisation,
  labelNoiseDescent,
  measure,
  minimiseNuclearNorm,
} from "../../src/index.ts"
import { sensing } from "./Numbers.ts"
import * as Initialisation from "../../src/factorisation/Initialisation.ts"

const kernels = Kernels.strict()

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  readonly loss: number
}

export interface Completed {
  readonly status: string
  readonly relativeGap: number
  readonly megabytes: number
}

const steps = async (count: number): Promise<Found> => {
  const { measurements, targets } = sensing(20, 2, 160, 1)
  const objective = deepFactorisation({ measurements, targets, widths: [20, 20, 20, 20] })
  const seed = Seed.root(2)
  const method = labelNoiseDescent({
    learningRate: 1e-3,
    noise: 0.1,
    sampling: "replacement",
    batch: 20,
    seed,
  })
  const state = method.init(
    objective,
    Initialisation.gaussian(objective.shape, { scale: 0.5, seed }),
  )
  let loss = 0
  const takeSteps = (number: number) => {
    for (let t = 0; t < number; t++) loss = method.step(state)
  }
  return { ...(await allocated(takeSteps, { first: 20_000, steps: count })), loss }
}

/** Peak memory of this program in megabytes; on Linux, `maxRSS` includes that of the parent program. */
const mostResident = (): number => {
  const status = "/proc/self/status"
  const kilobytes = existsSync(status)
    ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, "utf8"))![1])
    : process.resourceUsage().maxRSS
  return kilobytes / 1024
}

const complete = (): Completed => {
  const [size, rank] = [200, 5]
  const truth = lowRank(size, size, rank, Seed.root(1), kernels)
  const stream = RandomStream.make(Seed.root(2))
  const entries = Array.from(
    { length: size * size },
    (_, at) => [Math.floor(at / size), at % size] as const,
  ).filter(() => stream.uniform() < 0.4)
  const measurements = completion({ rows: size, columns: size, entries })
  const found = minimiseNuclearNorm(measurements, measure(measurements, truth), { tolerance: 1e-8 })
  return {
    status: found.status,
    relativeGap: found.gap / found.nuclearNorm,
    megabytes: mostResident(),
  }
}

const [what, count] = process.argv.slice(2)
process.stdout.write(JSON.stringify(what === "steps" ? await steps(Number(count)) : complete()))
