/** Run as a program: takes steps of one scheme on a regularised matrix game and prints, as JSON, the least growth of the heap in batches. */
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
// the compiler has to have seen it all, and may take its time: the best of the batches counts
let bytes = Number.POSITIVE_INFINITY
for (let batch = 0; batch < 20; batch++) {
  const heap = process.memoryUsage().heapUsed
  takeSteps(Number(steps))
  const grown = process.memoryUsage().heapUsed - heap
  // less than nothing: something older was collected
  if (grown >= 0) bytes = Math.min(bytes, grown)
}
const grown: Grown = { bytes }
process.stdout.write(JSON.stringify(grown))
