/** Steps that label-noise SGD needs to reach one feature, at growing width and dimension, against the prediction of the flow. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Svd from "@nonconvex/numerics/Svd"
import { advance } from "@nonconvex/problems/Advance"
import { AtLeastTwo, Count, Fraction, NotNegative, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { labelNoiseSgd, requireRunning } from "../../descent/LabelNoiseSgd.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { gramFactor, type TwoLayer, withPreactivations } from "../../network/TwoLayer.ts"
import { plan } from "../../planning/Planner.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import { selfTaught } from "../support/TeacherProblem.ts"

const Size = Schema.Struct({
  /** Dimension of the data, equal to their number. */
  dimension: AtLeastTwo,
  neurons: AtLeastTwo,
})

type Size = typeof Size.Type

const Config = Schema.Struct({
  sizes: Schema.Array(Size).check(Schema.isMinLength(1)),
  /** Ratio of the second singular value to the first that counts as one feature. */
  goal: Fraction,
  /** Evaluations within the predicted steps, and the factor by which the run may exceed them. */
  looks: AtLeastTwo,
  patience: Positive,
  /** Limit on predicted steps; above it no run is made. */
  most: Count,
  /** Label noise relative to the planned one; 0 in the control. */
  noise: NotNegative,
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  dimension: Schema.Int,
  neurons: Schema.Int,
  isNoisy: Schema.Boolean,
  /** Ratio of the second singular value of the features to the first, at the start and at the end. */
  before: Schema.Number,
  after: Schema.Number,
  predicted: Schema.Number,
  /** NaN if the goal was not reached, or if too many steps were predicted. */
  measured: Schema.Number,
  ratio: Schema.Number,
})

/** Ratio of the second singular value of the features to the first. */
const secondOverFirst = (
  { dimension, kernels, neurons }: TwoLayer,
  theta: Float64Array,
): number => {
  const [first = 0, second = 0] = Svd.singularValues(theta, neurons, dimension, kernels)
  return second / first
}

/** Time that the sharpness flow takes to reach the goal. */
const flowTimeTo = (network: TwoLayer, theta: Float64Array, goal: number): number => {
  const factor = gramFactor(network)
  let reached = Number.NaN
  let [last, before] = [0, Number.NaN]
  flowOfPreactivations(network, theta, {
    tolerance: { relative: 1e-8, absolute: 1e-12 },
    until: (time, { z }) => {
      const ratio = secondOverFirst(network, withPreactivations(network, theta, z, factor))
      if (ratio <= goal) {
        // within a step of the integrator it falls exponentially, to a good approximation
        const part = time === 0 ? 0 : Elementary.log(before / goal) / Elementary.log(before / ratio)
        reached = last + part * (time - last)
      }
      ;[last, before] = [time, ratio]
      return !Number.isNaN(reached)
    },
  })
  return reached
}

const sizesOf = (
  dimensions: ReadonlyArray<number>,
  neurons: ReadonlyArray<number>,
): ReadonlyArray<Size> =>
  dimensions.flatMap((dimension) => neurons.map((each) => ({ dimension, neurons: each })))

const reference: Config = {
  sizes: sizesOf([2, 4, 6], [4, 8, 16, 32]),
  goal: 0.05,
  looks: 40,
  patience: 2,
  most: 1_000_000,
  noise: 1,
}

export const stepsToOneFeature = Experiment.table({
  id: "label-noise/steps-to-one-feature",
  title: "Number of SGD steps to one feature",
  source: derived("the planner's prediction, for larger widths and dimensions"),
  question:
    "How many steps does label-noise SGD need until the second singular value of its features is 0.05 times the first, and does the flow predict this number?",
  paperScale:
    "The paper has 10 neurons, 3 dimensions and 3 data (as recalled), and predicts no number of steps.",
  config: Config,
  columns: Columns,
  presets: {
    smoke: { ...reference, sizes: sizesOf([2], [4, 8]), most: 200_000 },
    fast: { ...reference, sizes: sizesOf([2, 3], [4, 8]), most: 200_000 },
    paper: reference,
  },
  paperSeconds: 60,
  // the control has the first size, and no noise
  cases: ({ sizes }) => [
    ...sizes.map((size) => ({ size, isNoisy: true })),
    { size: sizes[0]!, isNoisy: false },
  ],
  row: ({ isNoisy, size }, { config, kernels, seed }) => {
    const { dimension, neurons } = size
    const own = seed.child(dimension).child(neurons)
    const { network, theta } = selfTaught(own, { ...size, size: dimension, kernels })
    const [chosen] = plan(network, theta)
    const setting = { ...chosen, convention: "half", size: dimension } as const
    const perStep = Theory.flowTimePerStep(setting) * chosen.finiteStepFactor
    const predicted = Math.ceil(flowTimeTo(network, theta, config.goal) / perStep)
    const noise = isNoisy ? config.noise * chosen.noise : 0
    const options = { ...chosen, noise, seed: own.child("run") }
    const method = labelNoiseSgd(options)
    const state = method.init(network, theta)
    // the noise of the last steps is no part of the features
    const look = () => secondOverFirst(network, warmStart(network, state.point))
    let [before, after] = [Number.NaN, look()]
    const start = after
    let measured = Number.NaN
    const looks = predicted <= config.most ? config.looks * config.patience : 0
    for (let k = 1; k <= looks && Number.isNaN(measured); k++) {
      const last = state.steps
      advance(method, [state], Math.ceil((k * predicted) / config.looks) - last, {
        kernels: network.kernels,
      })
      requireRunning(state, options)
      before = after
      after = look()
      if (after > config.goal) continue
      // between two looks the ratio falls exponentially, to a good approximation
      const part = Elementary.log(before / config.goal) / Elementary.log(before / after)
      measured = last + part * (state.steps - last)
    }
    return {
      dimension,
      neurons,
      isNoisy,
      before: start,
      after,
      predicted,
      measured,
      ratio: measured / predicted,
    }
  },
  figures: (rows) => {
    const noisy = rows.filter(({ isNoisy }) => isNoisy)
    const there = noisy.filter(({ measured }) => Number.isFinite(measured))
    const both = there.flatMap(({ measured, predicted }) => [measured, predicted])
    return [
      Figure.points({
        id: "prediction",
        title: "Steps to one feature, measured and predicted",
        caption: `The gradient flow predicts the steps without running SGD. ${there.length} of ${noisy.length} settings reached one feature within their steps; the others would need more steps than were run, and are not drawn.`,
        rows: there,
        x: { field: "predicted", title: "predicted steps", scale: "log" },
        y: { field: "measured", title: "measured steps", scale: "log" },
        series: { field: "dimension", title: "dimension" },
        references: [Figure.diagonal("as predicted", both)],
      }),
    ]
  },
  expectations: (rows, { goal, most, patience }) => {
    const noisy = rows.filter(({ isNoisy, predicted }) => isNoisy && predicted <= most)
    const still = rows.filter(({ isNoisy }) => !isNoisy)
    return [
      Expectation.atMost(
        "Second / first singular value at the end of the runs",
        noisy.map(({ after }) => after),
        goal,
        { control: "no label noise", observed: still.map(({ after }) => after) },
      ),
      Expectation.within(
        "Measured steps / predicted steps",
        noisy.map(({ ratio }) => ratio),
        1,
        { absolute: 0.5 },
        {
          control: "no label noise, with twice the steps",
          observed: still.map(({ ratio }) => (Number.isNaN(ratio) ? patience : ratio)),
        },
      ),
    ]
  },
})
