/** What the monitor says of runs whose cause is known. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Curvature } from "../../monitor/CurvatureGauge.ts"
import { type Diagnosis, type Observation, spikeMonitor } from "../../monitor/SpikeMonitor.ts"
import { sharpnessMeter } from "../../monitor/SharpnessMeter.ts"
import * as Theory from "../../theory/index.ts"
import { normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"
import { firstSpike, linearNetwork, quadratic } from "../support/WatchedRun.ts"

type Monitors = typeof spikeMonitor

/** A monitor that sees observations of which something is another. */
const seeing =
  (change: (observation: Observation) => Partial<Observation>) =>
  (monitors: Monitors): Monitors =>
  (options) => {
    const monitor = monitors(options)
    return { ...monitor, observe: (seen) => monitor.observe({ ...seen, ...change(seen) }) }
  }

const scaledBy = (scale: number, curvature: Curvature | undefined) =>
  curvature === undefined ? {} : { curvature: { ...curvature, scale } }

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

export const catapultsAreCatapults = claim({
  id: "catapults/diagnosis-of-a-catapult",
  statement:
    "A spike of a two-layer linear network past the critical rate, with momentum or without, that is over with less than 0.85 of the curvature is called a catapult: measured by the curvature, likely by the gradients.",
  inFloatingPoint: "program",
  source: derived("diagnosis of catapults"),
  subject: spikeMonitor,
  instances: Draw.record({
    width: Draw.integer(2, 16),
    momentum: Draw.oneOf(0, 0.3, 0.5, 0.7),
    multiple: Draw.linear(1.1, 1.4),
    by: Draw.oneOf("gradient", "curvature"),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { by, momentum, multiple, seed, width }, kernels, subject: monitors }) => {
    const problem = linearNetwork(width, Seed.root(seed))
    const { fall, found } = firstSpike(monitors({ momentum, divergence: 1e12, kernels }), problem, {
      momentum,
      multiple,
      steps: 400,
      show: ({ curvature, gradient }) => (by === "gradient" ? { gradient } : { curvature }),
    })
    if (found?.spike.outcome !== "closed" || fall > 0.85) return Margin.holds(true)
    return Margin.all(
      Margin.holds(found.kind === "catapult"),
      Margin.holds(found.confidence === (by === "gradient" ? "likely" : "measured")),
    )
  },
  controls: [
    { name: "the sharpness of plain steps, against the limit of momentum", subject: ofPlainSteps },
    { name: "half the curvature", subject: seeing(({ curvature }) => scaledBy(0.5, curvature)) },
  ],
})

/** The step of the bad batch. */
const bad = 60

export const badBatchesAreData = claim({
  id: "catapults/diagnosis-of-a-bad-batch",
  statement:
    "A spike of a quadratic loss that one corrupt gradient makes at a rate below 0.6 of the critical one, with momentum or without, is called a data spike: measured by the curvature and by a test of the batch, likely by the gradients.",
  inFloatingPoint: "program",
  source: derived("diagnosis of bad batches"),
  subject: spikeMonitor,
  instances: Draw.record({
    dimension: Draw.integer(2, 10),
    momentum: Draw.oneOf(0, 0.3, 0.5, 0.7),
    multiple: Draw.linear(0.1, 0.6),
    /** By how many times the critical rate the bad batch moves the parameters. */
    size: Draw.logarithmic(10, 100),
    by: Draw.oneOf("gradient", "curvature", "batch test"),
    seed: Draw.seed(),
  }),
  margin: ({ instance, kernels, subject: monitors }) => {
    const { by, dimension, momentum, multiple, seed, size } = instance
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
      show: ({ curvature, gradient }, step) =>
        by === "gradient"
          ? { gradient }
          : by === "curvature"
            ? { curvature }
            : step === bad + 1
              ? { batchTest: { suspicious: 10 * size, control: 1 } }
              : {},
    })
    if (found === undefined) return Margin.holds(true)
    return Margin.all(
      Margin.holds(found.spike.onset! > bad),
      Margin.holds(found.kind === "data spike"),
      Margin.holds(found.confidence === (by === "gradient" ? "likely" : "measured")),
    )
  },
  controls: [
    {
      name: "the batches of the test exchanged",
      subject: seeing(({ batchTest: test }) =>
        test === undefined
          ? {}
          : { batchTest: { suspicious: test.control, control: test.suspicious } },
      ),
    },
    {
      name: "ten times the learning rate, and a curvature that falls",
      subject: (monitors) => (options) => {
        let scale = 1
        return seeing(({ curvature, learningRate }) => {
          if (curvature !== undefined) scale *= 0.99
          return { learningRate: 10 * learningRate!, ...scaledBy(scale, curvature) }
        })(monitors)(options)
      },
    },
  ],
})

export const adviceAfterDivergence = claim({
  id: "catapults/advice-after-divergence",
  statement:
    "After a divergence the advice is a rate of at most 0.9 of the one in use, and where the curvature was measured and the rate past its critical one, a stable one.",
  inFloatingPoint: "program",
  source: derived("advice after a divergence"),
  subject: spikeMonitor,
  instances: Draw.record({
    momentum: Draw.oneOf(0, 0.5, 0.9),
    curvature: Draw.logarithmic(1e-3, 1e3),
    /** Learning rate over the critical one. */
    multiple: Draw.logarithmic(0.01, 100),
    /** Of the loss in a step. */
    growth: Draw.logarithmic(2, 1e8),
    isMeasured: Draw.oneOf(false, true),
    isShown: Draw.oneOf(false, true),
  }),
  margin: ({ instance, kernels, subject: monitors }) => {
    const { curvature, growth, isMeasured, isShown, momentum, multiple } = instance
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
    if (found.kind !== "divergence") return Margin.holds(multiple <= 1 || !isMeasured)
    const next = found.advice.learningRate!
    return Margin.all(
      Margin.holds(next > 0),
      Margin.atMost(next, 0.9 * learningRate, 1e-12),
      isMeasured && multiple > 1
        ? Margin.atMost(next * curvature, Theory.stabilityLimit(momentum))
        : Margin.holds(true),
    )
  },
  controls: [
    {
      name: "the critical rate whatever the rate in use",
      subject: (monitors) => (options) => {
        const monitor = monitors(options)
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
      },
    },
  ],
})
