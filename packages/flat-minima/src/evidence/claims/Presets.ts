/** The parameters of the theorems. Their constants are unknown, so the claim tests their purpose and proves nothing. */
import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"

type Presets = Pick<typeof Theory, "sharpnessAwarePreset" | "smoothedPreset">

const tight = { relative: 1e-12 }

/** Relations among the numbers of a preset; `share` is delta or nu delta. */
const ties = (
  preset: Theory.Preset,
  {
    beta,
    delta,
    eps,
    gain,
    share,
  }: Readonly<Record<"beta" | "delta" | "eps" | "gain" | "share", number>>,
): Margin.Comparison => {
  const { gradientThreshold, learningRate, plainLearningRate, radius, steps } = preset
  const perStep = -Theory.traceDecrease(learningRate, radius, Math.sqrt(eps), gain)
  const enough = 1 / (2 * delta * perStep)
  return Margin.all(
    Margin.equal(plainLearningRate * beta, 1, tight),
    Margin.equal(learningRate / eps, share, tight),
    // above the threshold a plain step descends by more than perturbed ones climb
    Margin.equal(gradientThreshold * gradientThreshold, learningRate * (radius * radius), tight),
    Margin.equal(radius * radius, share * learningRate, tight),
    // so many steps at a residual of sqrt(eps) take 1 / (2 delta) off the trace
    Margin.holds(steps === Math.ceil(steps) && steps < enough * (1 + 1e-9) + 1),
    Margin.atLeast(steps, enough, 1e-9),
  )
}

/** The same relations in exact arithmetic, for an exact gain and share. */
const exactTies = (
  preset: Theory.Preset,
  {
    beta,
    delta,
    eps,
    gain,
    share,
  }: Readonly<Record<"beta" | "delta" | "eps" | "gain" | "share", Exact.Value>>,
): Exact.Compared => {
  const { computed, divide, multiply, near, product, square } = Exact
  const rate = computed(preset.learningRate)
  const radius = square(computed(preset.radius))
  const steps = computed(preset.steps)
  const enough = divide(Exact.one, product(delta, gain, rate, radius, eps))
  const rounding = Exact.of("1e-9")
  return Exact.worst(
    near(multiply(computed(preset.plainLearningRate), beta), Exact.one, tight),
    near(divide(rate, eps), share, tight),
    near(square(computed(preset.gradientThreshold)), multiply(rate, radius), tight),
    near(radius, multiply(share, rate), tight),
    Exact.equal(steps, computed(Math.ceil(preset.steps))),
    Exact.atMost(steps, Exact.sum(enough, multiply(rounding, enough), Exact.one)),
    Exact.atLeast(steps, Exact.subtract(enough, multiply(rounding, enough))),
  )
}

type Instance = Readonly<Record<"beta" | "delta" | "eps" | "d" | "factor", number>>

/** The same constant for each number of a preset. */
const constantsOf = (factor: number) => ({
  learningRate: factor,
  plainLearningRate: 2 * factor,
  radius: 3 * factor,
  gradientThreshold: 4 * factor,
  steps: 5 * factor,
})

const exactPresets = (
  { d, factor, ...goal }: Instance,
  { sharpnessAwarePreset, smoothedPreset }: Presets,
): Exact.Compared => {
  const { computed, divide, multiply, near, of, product } = Exact
  const [beta, delta, eps] = [goal.beta, goal.delta, goal.eps].map(of)
  const given = { beta: beta!, delta: delta!, eps: eps! }
  const root = Exact.power(divide(Exact.one, given.eps), { numerator: 1n, denominator: 3n })
  const nu = Exact.compare(of(d), root) === 1 ? root : of(d)
  const smoothed = smoothedPreset(goal, {})
  const constants = constantsOf(factor)
  const scaled = smoothedPreset(goal, constants)
  const rate = multiply(given.delta, given.eps)
  const decrease = product(rate, given.delta, given.delta, rate, given.eps)
  const times = (name: Exclude<keyof Theory.Preset, "steps">) =>
    near(computed(scaled[name]), multiply(of(constants[name]), computed(smoothed[name])), tight)
  const inverse = Elementary.pow(goal.delta, -4)
  const share = computed(Theory.flatShare(goal.delta, factor))
  return Exact.worst(
    exactTies(smoothed, { ...given, gain: Exact.one, share: given.delta }),
    exactTies(sharpnessAwarePreset({ ...goal, d }, {}), {
      ...given,
      gain: of(d),
      share: multiply(nu, given.delta),
    }),
    near(computed(Theory.sharpnessGain(d, goal.eps)), nu, tight),
    times("learningRate"),
    times("plainLearningRate"),
    times("radius"),
    times("gradientThreshold"),
    near(computed(scaled.steps), divide(of(5 * factor), decrease), { relative: 1e-9, absolute: 1 }),
    near(multiply(computed(Theory.stepsBound(goal.eps, inverse)), decrease), Exact.one, tight),
    near(Exact.subtract(Exact.one, share), multiply(of(factor), given.delta), { absolute: 1e-14 }),
  )
}

export const presets = claim<Instance, Presets>({
  id: "flat-minima/presets",
  statement:
    "With the parameters of theorems 1 and 2 up to constants, steps that decrease the trace by (1/2) eta rho^2 eps (or d times that) decrease it by 1 / (2 delta) in total. The threshold is rho sqrt(eta), and every constant multiplies its own number.",
  source: Kind.identity(recalled("theorems 1 and 2")),
  instances: Draw.record({
    beta: Draw.logarithmic(0.5, 20),
    delta: Draw.logarithmic(0.5, 0.05),
    eps: Draw.logarithmic(0.5, 0.01),
    d: Draw.integer(1, 12),
    /** A constant. */
    factor: Draw.logarithmic(2, 10),
  }),
  value: Theory,
  margin: ({
    instance: { beta, d, delta, eps, factor },
    value: { sharpnessAwarePreset, smoothedPreset },
  }) => {
    const goal = { beta, delta, eps }
    const nu = Math.min(d, Elementary.cbrt(1 / eps))
    const smoothed = smoothedPreset(goal, {})
    const scaled = smoothedPreset(goal, constantsOf(factor))
    const exact = smoothed.learningRate * (smoothed.radius * smoothed.radius) * eps * delta
    return Margin.all(
      ties(smoothed, { ...goal, gain: 1, share: delta }),
      ties(sharpnessAwarePreset({ ...goal, d }, {}), { ...goal, gain: d, share: nu * delta }),
      Margin.equal(Theory.sharpnessGain(d, eps), nu, tight),
      Margin.equal(scaled.learningRate / smoothed.learningRate, factor, tight),
      Margin.equal(scaled.plainLearningRate / smoothed.plainLearningRate, 2 * factor, tight),
      Margin.equal(scaled.radius / smoothed.radius, 3 * factor, tight),
      Margin.equal(scaled.gradientThreshold / smoothed.gradientThreshold, 4 * factor, tight),
      // rounded up
      Margin.equal(scaled.steps, (5 * factor) / exact, { relative: 1e-9, absolute: 1 }),
      Margin.equal(Theory.stepsBound(eps, Elementary.pow(delta, -4)) * exact, 1, tight),
      Margin.equal(1 - Theory.flatShare(delta, factor), factor * delta, { absolute: 1e-14 }),
    )
  },
  exactly: ({ instance, value: bounds }) => exactPresets(instance, bounds),
  controls: [
    {
      name: "the threshold of a radius that is not squared",
      value: {
        ...Theory,
        smoothedPreset: (...given) => {
          const preset = Theory.smoothedPreset(...given)
          return { ...preset, gradientThreshold: Math.sqrt(preset.learningRate * preset.radius) }
        },
      },
    },
    {
      name: "the gain of d without the limit by eps",
      value: {
        ...Theory,
        sharpnessAwarePreset: (goal, constants) =>
          Theory.sharpnessAwarePreset({ ...goal, d: goal.d + 1 }, constants),
      },
    },
  ],
})
