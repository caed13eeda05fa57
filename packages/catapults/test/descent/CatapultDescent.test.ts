import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  capped,
  catapultDescent,
  descentOf,
  linearised,
  meanSquared,
  milestones,
  ntkArchitecture,
  ntkNetwork,
  raising,
  RunDiverged,
  sumSquared,
  TangentKernel,
  ZeroKernel,
} from "../../src/index.ts"
import { productTask } from "../../src/evidence/support/ProductTask.ts"
import { net } from "../support/Nets.ts"

const task = productTask(
  { inputs: 12, width: 128, samples: 160, rank: 2, testSamples: 10 },
  Seed.root(3),
  Kernels.strict(),
)

describe("catapultDescent", () => {
  it("counts the catapults that it forces, and ends fitted", () => {
    const run = catapultDescent(descentOf(task.network, task.loss, task.start), {
      control: raising({ raises: 2 }),
    })
    while (run.state.outcome === "running") run.step()
    assert.strictEqual(run.state.outcome, "fitted")
    assert.isAtLeast(run.spikes().length, 2)
    assert.isBelow(run.state.loss, 1e-3)
    assert.isAbove(run.state.criticalRate, 0)
  })

  it("says at which step and ratio it diverged", () => {
    const run = catapultDescent(descentOf(task.network, task.loss, task.start), {
      control: raising({ raises: 0, base: 5 }),
    })
    while (run.state.outcome === "running") run.step()
    const failure = run.failure()
    assert.instanceOf(failure, RunDiverged)
    assert.strictEqual(failure?.step, run.state.steps)
    assert.closeTo(failure?.ratio ?? 0, 5, 1e-9)
    assert.match(failure?.message ?? "", /5 times the critical one; go back and use/)
  })

  it("is held below the critical rate by a cap", () => {
    const run = catapultDescent(descentOf(task.network, task.loss, task.start), {
      control: capped(
        milestones([
          [0, 1],
          [30, 50],
        ]),
      ),
      budget: 200,
    })
    while (run.state.outcome === "running") run.step()
    assert.deepStrictEqual(run.spikes(), [])
    assert.isAtMost(run.state.learningRate, 0.96 * run.state.criticalRate)
  })

  it("refuses a network that nothing moves, and a schedule that does not begin", () => {
    const architecture = ntkArchitecture({ widths: [2, 3] })
    const network = ntkNetwork({ architecture, features: new Float64Array(4) })
    const loss = meanSquared(Float64Array.of(1, -1))
    const start = new Float64Array(architecture.dimension)
    assert.throws(() => TangentKernel.criticalRate(network, loss, start), ZeroKernel, /is zero/)
    const run = catapultDescent(descentOf(network, loss, start), {
      control: raising({ raises: 1 }),
    })
    assert.throws(() => run.step(), ZeroKernel)
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
