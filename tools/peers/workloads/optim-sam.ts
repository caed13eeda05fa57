/** Steps of SAM on (x y)^2 / 2, from (2, 3). */
import { sam } from "@nonconvex/optim-sam"
import { Kernels } from "@nonconvex/numerics"
import { advance, scalarFactorisation, sgd } from "@nonconvex/problems"
import type { Parameters, Work, Workload } from "../src/Workload.ts"
import { compiled } from "./numerics/Compiled.ts"

const method = sam({ radius: 0.1, base: sgd({ learningRate: 0.01 }) })
const objective = scalarFactorisation()
const start = Float64Array.of(2, 3)

const steps =
  (kernels: Kernels.Kernels) =>
  ({ count }: Parameters): Work => {
    let point: ArrayLike<number> = start
    return {
      run: () => {
        const state = method.init(objective, start)
        advance(method, [state], count!, kernels)
        point = state.point
      },
      result: () => point,
    }
  }

/** The same arithmetic without the library. */
const byHand = ({ count }: Parameters): Work => {
  let point: ReadonlyArray<number> = []
  return {
    run: () => {
      let [x, y] = [2, 3]
      for (let i = 0; i < count!; i++) {
        const [gx, gy] = [x * y * y, x * y * x]
        const length = Math.sqrt(gx * gx + gy * gy)
        const [px, py] = [x + (0.1 * gx) / length, y + (0.1 * gy) / length]
        x -= 0.01 * (px * py * py)
        y -= 0.01 * (px * py * px)
      }
      point = [x, y]
    },
    result: () => point,
  }
}

const native = compiled(steps)

export const workload: Workload = {
  ...native,
  cases: [100, 1000, 10_000].map((count) => ({
    name: `${count} SAM steps on (xy)^2/2`,
    parameters: { count },
    family: { work: "SAM on (xy)^2/2", by: "steps", size: count },
    tolerance: 1e-9,
  })),
  implementations: [
    { name: "optim-sam", own: true, prepare: steps(Kernels.strict()) },
    ...native.implementations,
    { name: "TypeScript by hand", own: false, prepare: byHand },
  ],
}
