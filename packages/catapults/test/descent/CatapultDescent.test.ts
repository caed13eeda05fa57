import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import { advance } from "@nonconvex/problems"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { assert, describe, it } from "vitest"
import { failureOf, RunDiverged } from "../../src/descent/RunDiverged.ts"
import { sumSquared } from "../../src/network/OutputLoss.ts"
import {
  catapultDescent,
  meanSquared,
  milestones,
  ntkArchitecture,
  ntkNetwork,
  raising,
  spikesIn,
  TangentKernel,
} from "../../src/index.ts"
import { productTask } from "../../src/evidence/support/ProductTask.ts"
import { finish } from "../../src/evidence/support/Runs.ts"
import { net } from "../support/Nets.ts"
import { capped } from "../../src/descent/RateControl.ts"
import { linearised } from "../support/Linearised.ts"
import { ZeroKernel } from "../../src/network/ZeroKernel.ts"

const task = productTask(
  { inputs: 12, width: 128, samples: 160, rank: 2, testSamples: 10 },
  Seed.root(3),
  Kernels.strict(),
)

const training = { model: task.network, loss: task.loss }

describe("catapultDescent", () => {
  it("takes many steps as the driver of all methods does, each on its own state", () => {
    const method = catapultDescent({ control: raising({ raises: 1 }) })
    const begin = () => method.init(training, task.start)
    const [together, alone] = [[begin(), begin()], begin()]
    advance(method, together, 150)
    for (let k = 0; k < 150; k++) method.step(alone)
    const dataOf = (state: object) => JSON.stringify(Snapshot.write(state))
    assert.deepStrictEqual(together.map(dataOf), [dataOf(alone), dataOf(alone)])
  })

  it("counts the catapults that it forces, and ends fitted", () => {
    const run = finish(catapultDescent({ control: raising({ raises: 2 }) }), training, task.start)
    assert.strictEqual(run.outcome, "fitted")
    assert.isAtLeast(spikesIn(run).length, 2)
    assert.isBelow(run.loss, 1e-3)
    assert.isAbove(run.criticalRate, 0)
  })

  it("says at which step and ratio it diverged", () => {
    const method = catapultDescent({ control: raising({ raises: 0, base: 5 }) })
    const run = finish(method, training, task.start)
    const failure = failureOf(run)
    assert.instanceOf(failure, RunDiverged)
    assert.strictEqual(failure?.step, run.steps)
    assert.closeTo(failure?.ratio ?? 0, 5, 1e-9)
    assert.match(
      failure?.message ?? "",
      /5 times the critical rate; return to a checkpoint and use/,
    )
  })

  it("is held below the critical rate by a cap", () => {
    const method = catapultDescent({
      control: capped(
        milestones([
          [0, 1],
          [30, 50],
        ]),
      ),
      budget: 200,
    })
    const run = finish(method, training, task.start)
    assert.deepStrictEqual(spikesIn(run), [])
    assert.isAtMost(run.learningRate, 0.96 * run.criticalRate)
  })

  it("refuses a network that nothing moves, and a schedule that does not begin", () => {
    const architecture = ntkArchitecture({ widths: [2, 3] })
    const network = ntkNetwork({ architecture, features: new Float64Array(4) })
    const loss = meanSquared(Float64Array.of(1, -1))
    const start = new Float64Array(architecture.dimension)
    assert.throws(() => TangentKernel.criticalRate(network, loss, start), ZeroKernel, /is zero/)
    const method = catapultDescent({ control: raising({ raises: 1 }) })
    const run = method.init({ model: network, loss }, start)
    assert.throws(() => method.step(run), ZeroKernel)
    assert.throws(() => milestones([[5, 1]]), InvalidInput, /begin with 0/)
    assert.throws(() => milestones([]), InvalidInput, /there must be a rate/)
  })

  it("works on one sample", () => {
    const { architecture, features, network, start } = net({ widths: [3, 5], samples: 1 })
    const loss = sumSquared(Float64Array.of(0.5))
    const kernel = new Float64Array(1)
    network.predict(start, new Float64Array(1))
    network.tangentKernel(kernel)
    assert.closeTo(TangentKernel.criticalRate(network, loss, start), 2 / kernel[0]!, 1e-12)
    const linear = linearised(ntkNetwork({ architecture, features }), start)
    linear.predict(new Float64Array(start.length), new Float64Array(1))
    const same = new Float64Array(1)
    linear.tangentKernel(same)
    assert.closeTo(same[0]!, kernel[0]!, 1e-12)
  })
})
