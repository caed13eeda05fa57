/** Run as a program: takes steps of one scheme on a regularised matrix game and prints, as JSON, the growth of the heap. */
import {
  extragradient,
  inexactAccelerated,
  optimisticGradient,
  projectedGradient,
  regularised,
  type Scheme,
} from "../../src/index.ts"
import { gameOf, rockPaperScissors } from "./Games.ts"

export interface Grown {
  readonly bytes: number
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
// the compiler has to have seen it all
for (let k = 0; k < 20; k++) takeSteps(20_000)
const heap = process.memoryUsage().heapUsed
takeSteps(Number(steps))
const grown: Grown = { bytes: process.memoryUsage().heapUsed - heap }
process.stdout.write(JSON.stringify(grown))
