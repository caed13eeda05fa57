/** Diagnoses of spikes whose cause is known, and advice after a divergence. */
import { Draw } from "@nonconvex/evidence"
import { Kernels, Seed, Vector } from "@nonconvex/numerics"
import * as Elementary from "@nonconvex/numerics/Elementary"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { normals } from "../../src/evidence/support/Expand.ts"
import type { Curvature } from "../../src/monitor/CurvatureGauge.ts"
import { sharpnessMeter } from "../../src/monitor/SharpnessMeter.ts"
import { type Diagnosis, spikeMonitor } from "../../src/monitor/SpikeMonitor.ts"
import * as Theory from "../../src/theory/index.ts"
import { type Monitors, scaledBy, seeing } from "../support/ScaledMonitors.ts"
import { firstSpike, linearNetwork, quadratic } from "../support/WatchedRun.ts"

const kernels = Kernels.strict()

/** The step of the bad batch. */
const bad = 60

const badBatches = Draw.record({
  dimension: Draw.integer(2, 10),
  momentum: Draw.oneOf(0, 0.3, 0.5, 0.7),
  multiple: Draw.linear(0.1, 0.6),
  /** Multiple of the critical rate by which the bad batch moves the parameters. */
  size: Draw.logarithmic(10, 100),
  by: Draw.oneOf("gradient", "curvature", "batch test"),
  seed: Draw.seed(),
})

const knowsABadBatch = (monitors: Monitors) =>
  fc.property(badBatches, ({ by, dimension, momentum, multiple, seed, size }) => {
    const root = Seed.root(seed)
    const noise = normals(root.child("noise"), dimension)
    Vector.normalise(noise)
    const { found } = firstSpike(monitors({ momentum, kernels }), quadratic(dimension, root), {
      momentum,
      multiple,
      steps: 1000,
      corrupt: (gradient, step) => {
        if (step === bad) Vector.axpy(size / multiple, noise, gradient)
      },
      show: ({ curvature, gradient }, step) => {
        if (by === "gradient") return { gradient }
        if (by === "curvature") return { curvature }
        return step === bad + 1 ? { batchTest: { suspicious: 10 * size, control: 1 } } : {}
      },
    })
    return (
      found === undefined ||
      (found.spike.onset! > bad &&
        found.kind === "data spike" &&
        found.confidence === (by === "gradient" ? "likely" : "measured"))
    )
  })

/** A monitor with the sharpness of plain steps, held against the limit `2 (1 + beta)`. */
const ofPlainSteps =
  (monitors: Monitors): Monitors =>
  (options) => {
    const { momentum = 0, ...plain } = options ?? {}
    const measure = sharpnessMeter(0)
    // a monitor of plain steps has the limit 2, and takes products in place of the gradient
    return seeing(({ gradient }) => {
      if (gradient === undefined) return {}
      const withPrevious = 1 - (measure.observe({ gradient }) ?? 1) / (1 + momentum)
      return { products: { squaredNorm: 1, withPrevious, previousSquaredNorm: 1 } }
    })(monitors)(plain)
  }

const rising = Draw.record({
  width: Draw.integer(2, 16),
  momentum: Draw.oneOf(0, 0.3, 0.5, 0.7),
  multiple: Draw.linear(1.1, 1.4),
  by: Draw.oneOf("gradient", "curvature"),
  seed: Draw.seed(),
})

const knowsACatapult = (monitors: Monitors) =>
  fc.property(rising, ({ by, momentum, multiple, seed, width }) => {
    const problem = linearNetwork(width, Seed.root(seed))
    const monitor = monitors({ momentum, divergence: 1e12, kernels })
    const { fall, found } = firstSpike(monitor, problem, {
      momentum,
      multiple,
      steps: 400,
      show: ({ curvature, gradient }) => (by === "gradient" ? { gradient } : { curvature }),
    })
    return (
      found?.spike.outcome !== "closed" ||
      fall > 0.85 ||
      (found.kind === "catapult" &&
        found.confidence === (by === "gradient" ? "likely" : "measured"))
    )
  })

const growing = Draw.record({
  momentum: Draw.oneOf(0, 0.5, 0.9),
  curvature: Draw.logarithmic(1e-3, 1e3),
  /** Learning rate over the critical one. */
  multiple: Draw.logarithmic(0.01, 100),
  /** Growth of the loss in a step. */
  growth: Draw.logarithmic(2, 1e8),
  isMeasured: Draw.oneOf(false, true),
  isShown: Draw.oneOf(false, true),
})

const advisesAStableRate = (monitors: Monitors) =>
  fc.property(growing, ({ curvature, growth, isMeasured, isShown, momentum, multiple }) => {
    const monitor = monitors({ momentum, kernels })
    const learningRate = multiple * Theory.criticalRateOfCurvature(curvature, momentum)
    const operator: Curvature["operator"] = (v, out) => {
      out[0] = curvature * v[0]!
    }
    let found: Diagnosis | undefined
    for (let step = 0; found === undefined; step++) {
      const power = Elementary.pow(growth, Math.max(0, step - 3))
      found = monitor.observe({
        step,
        loss: (1 + 1 / (1 + step)) * power,
        learningRate,
        ...(isMeasured ? { curvature: { operator, dimension: 1 } } : {}),
        ...(isShown
          ? { gradient: Float64Array.of(Elementary.pow(-1, step) * Math.sqrt(power)) }
          : {}),
      })
    }
    if (found.kind !== "divergence") return multiple <= 1 || !isMeasured
    const next = found.advice.learningRate!
    const isStable = next * curvature <= Theory.stabilityLimit(momentum)
    return (
      next > 0 &&
      next <= 0.9 * learningRate * (1 + 1e-12) &&
      (isStable || !isMeasured || multiple <= 1)
    )
  })

/** A monitor whose advice is 0.9 of the critical rate, whatever the rate in use. */
const ofTheCriticalRate: Monitors = (options) => {
  const monitor = spikeMonitor(options)
  return {
    ...monitor,
    observe: (observation) => {
      const found = monitor.observe(observation)
      const ratio = found?.evidence.ratio
      if (found === undefined || ratio === undefined) return found
      const critical = observation.learningRate! / ratio
      return { ...found, advice: { ...found.advice, learningRate: 0.9 * critical } }
    },
  }
}

describe("a diagnosis", () => {
  it("calls the spike of one corrupt gradient a data spike: measured by curvature or a test of the batch, likely by gradients", () => {
    fc.assert(knowsABadBatch(spikeMonitor))
  })

  it("would not, with the batches of the test exchanged, or ten times the learning rate and a curvature that falls", () => {
    const exchanged = seeing(({ batchTest: test }) =>
      test === undefined
        ? {}
        : { batchTest: { suspicious: test.control, control: test.suspicious } },
    )
    assert.isTrue(fc.check(knowsABadBatch(exchanged(spikeMonitor))).failed)
    const faster: Monitors = (options) => {
      let scale = 1
      return seeing(({ curvature, learningRate }) => {
        if (curvature !== undefined) scale *= 0.99
        return { learningRate: 10 * learningRate!, ...scaledBy(scale, curvature) }
      })(spikeMonitor)(options)
    }
    assert.isTrue(fc.check(knowsABadBatch(faster)).failed)
  })

  it("calls a spike past the critical rate that ends with less than 0.85 of the curvature a catapult", () => {
    fc.assert(knowsACatapult(spikeMonitor))
  })

  it("would not, with half the curvature, or the sharpness of plain steps against the limit of momentum", () => {
    const halved = seeing(({ curvature }) => scaledBy(0.5, curvature))(spikeMonitor)
    assert.isTrue(fc.check(knowsACatapult(halved)).failed)
    assert.isTrue(fc.check(knowsACatapult(ofPlainSteps(spikeMonitor))).failed)
  })

  it("advises after a divergence at most 0.9 times the current rate, and a stable rate where the curvature was measured", () => {
    fc.assert(advisesAStableRate(spikeMonitor))
    assert.isTrue(fc.check(advisesAStableRate(ofTheCriticalRate)).failed)
  })
})
