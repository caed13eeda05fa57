/** Run as a program: what a step of one scheme on a regularised matrix game allocates, as JSON. */
import { allocated } from "@nonconvex/evidence/memory"
import {
  extragradient,
  optimisticGradient,
  projectedGradient,
  regularised,
  type Scheme,
} from "../../src/index.ts"
import { inexactAccelerated } from "../../src/methods/AcceleratedGradient.ts"
import { gameOf, rockPaperScissors } from "./Games.ts"

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  readonly point: ReadonlyArray<number>
}

const schemes: Readonly<Record<string, Scheme>> = {
  gradient: projectedGradient({ step: 0.1 }),
  accelerated: inexactAccelerated({ smoothness: 4, strongConvexity: 0.1 }),
  extragradient: extragradient({ step: 0.1 }),
  optimistic: optimisticGradient({ step: 0.1 }),
}

const [name = "gradient", steps = "1"] = process.argv.slice(2)
const scheme = schemes[name]!
const { center, problem } = gameOf(rockPaperScissors, 3)
const state = scheme.init(regularised(problem, 0.1, center), Float64Array.of(1, 0, 0, 0, 1, 0))
const takeSteps = (count: number) => {
  for (let t = 0; t < count; t++) scheme.step(state)
}
const found = await allocated(takeSteps, { first: 200_000, steps: Number(steps) })
process.stdout.write(JSON.stringify({ ...found, point: [...state.point] } satisfies Found))
