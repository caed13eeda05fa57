/** Steps of SAM on (x y)^2 / 2, from (2, 3), and where there are more runs from further points beside it. */
import { sam } from "@nonconvex/optim-sam"
import { Kernels } from "@nonconvex/numerics"
import { advance, scalarFactorisation, sgd } from "@nonconvex/problems"
import type { Parameters, Work, Workload } from "../src/Workload.ts"

const method = sam({ radius: 0.1, base: sgd({ learningRate: 0.01 }) })
const objective = scalarFactorisation()
const startsOf = ({ runs = 1 }: Parameters): ReadonlyArray<Float64Array> =>
  Array.from({ length: runs }, (_, r) => Float64Array.of(2 + r / 8, 3))

const steps =
  (kernels: Kernels.Kernels) =>
  (parameters: Parameters): Work => {
    const starts = startsOf(parameters)
    let points = starts
    return {
      run: () => {
        const states = starts.map((start) => method.init(objective, start))
        advance(method, states, parameters["count"]!, { kernels })
        points = states.map(({ point }) => point)
      },
      result: () => points.flatMap((point) => Array.from(point)),
    }
  }

/** The same arithmetic without the library. */
const byHand = (parameters: Parameters): Work => {
  const [count, starts] = [parameters["count"]!, startsOf(parameters)]
  const points = new Float64Array(2 * starts.length)
  const descend = (start: Float64Array, to: number) => {
    let [x, y] = [start[0]!, start[1]!]
    for (let i = 0; i < count; i++) {
      const [gx, gy] = [x * y * y, x * y * x]
      const length = Math.sqrt(gx * gx + gy * gy)
      const [px, py] = [x + (0.1 * gx) / length, y + (0.1 * gy) / length]
      x -= 0.01 * (px * py * py)
      y -= 0.01 * (px * py * px)
    }
    points[to] = x
    points[to + 1] = y
  }
  return {
    run: () => {
      for (let r = 0; r < starts.length; r++) descend(starts[r]!, 2 * r)
    },
    result: () => points,
  }
}

export const workload: Workload = {
  cases: [
    ...[100, 1000, 10_000].map((count) => ({
      name: `${count} SAM steps on (xy)^2/2`,
      parameters: { count },
      family: { work: "SAM on (xy)^2/2", by: "steps", size: count },
      tolerance: 1e-9,
    })),
    {
      name: "10000 SAM steps on (xy)^2/2, 8 runs",
      parameters: { count: 10_000, runs: 8 },
      tolerance: 1e-9,
    },
  ],
  implementations: [
    { name: "optim-sam", own: true, prepare: steps(Kernels.strict()) },
    { name: "TypeScript by hand", own: false, prepare: byHand },
  ],
}
