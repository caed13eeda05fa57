import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { momentum } from "@nonconvex/problems/Momentum"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Perturbation from "@nonconvex/problems/Perturbation"
import { repeatedAscent, sharpnessAware } from "@nonconvex/problems/SharpnessAware"
import * as Observe from "../support/Observe.ts"
import { recalled } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"

const offset = 0.01

const normalisation = 0.3

const p = 3

/** Displacement of the point by definition; the norms are plain, for gradients of ordinary size. */
const added: Readonly<
  Record<string, (rho: number, w: Float64Array, g: Float64Array) => Float64Array>
> = {
  sam: (rho, _, g) => g.map((x) => (rho * x) / Vector.norm(g)),
  usam: (rho, _, g) => g.map((x) => rho * x),
  unified: (rho, _, g) =>
    g.map((x) => rho * (1 - normalisation + normalisation / Vector.norm(g)) * x),
  asam: (rho, w, g) => {
    const widths = w.map((x) => Math.abs(x) + offset)
    const length = Vector.norm(g.map((x, i) => x * widths[i]!))
    return g.map((x, i) => (rho * widths[i]! * widths[i]! * x) / length)
  },
  // q = 3 / 2
  pNorm: (rho, _, g) => {
    const sum = g.reduce((total, x) => total + Math.abs(x) * Math.sqrt(Math.abs(x)), 0)
    return g.map((x) => (rho * Math.sign(x) * Math.sqrt(Math.abs(x))) / Elementary.cbrt(sum))
  },
}

const perturbations: Readonly<Record<string, (rho: number) => Perturbation.Perturbation>> = {
  sam: Perturbation.normalised,
  usam: Perturbation.unnormalised,
  unified: (rho) => Perturbation.unified(rho, normalisation),
  asam: (rho) => Perturbation.adaptive(rho, offset),
  pNorm: (rho) => Perturbation.pNorm(rho, p),
}

interface Setting {
  readonly radius: number
  readonly rate: number
  readonly decay: number
  readonly ascents: number
}

/** Definition of a variant: the gradient in the momentum, and the start of each ascent. */
interface Definition {
  readonly momentumOf: "first" | "last"
  readonly ascentFrom: "point" | "last"
}

/** Three steps by definition: points, and losses at the points and at the ends of the ascents. */
const byDefinition = (
  objective: Objective,
  start: Float64Array,
  add: (rho: number, w: Float64Array, g: Float64Array) => Float64Array,
  { ascents, decay, radius, rate }: Setting,
  { ascentFrom, momentumOf }: Definition,
) => {
  const point = start.slice()
  const velocity = new Float64Array(start.length)
  const losses: Array<number> = []
  for (let t = 0; t < 3; t++) {
    const first = Observe.gradientAt(objective, point)
    let from = point
    let gradient = first
    for (let k = 0; k < ascents; k++) {
      const base = ascentFrom === "last" ? from : point
      const move = add(radius, from, gradient)
      from = base.map((x, i) => x + move[i]!)
      gradient = Observe.gradientAt(objective, from)
    }
    losses.push(Observe.lossAt(objective, point), Observe.lossAt(objective, from))
    const taken = momentumOf === "last" ? gradient : first
    for (let i = 0; i < point.length; i++) {
      velocity[i] = decay * velocity[i]! + taken[i]!
      point[i]! -= rate * velocity[i]!
    }
  }
  return { point, losses }
}

/** The same by the package. */
const byMethod = (
  objective: Objective,
  start: Float64Array,
  perturbation: Perturbation.Perturbation,
  { ascents, decay, rate }: Setting,
) => {
  const base = momentum({ learningRate: rate, momentum: decay })
  const method =
    ascents === 1
      ? sharpnessAware(perturbation, base)
      : repeatedAscent(perturbation, base, { ascentSteps: ascents })
  const state = method.init(objective, start)
  const losses: Array<number> = []
  let kept = true
  for (let t = 0; t < 3; t++) {
    const before = state.point.slice()
    method.step(state)
    losses.push(state.loss, state.lossAtPerturbed)
    kept &&= state.before.every((x, i) => x === before[i])
  }
  return { point: state.point, losses, kept: kept && state.steps === 3 }
}

export const definitionOfTheFamily = claim<
  {
    readonly problem: Draw.Drawn<ReturnType<typeof randomConvex>>
    readonly kind: string
    readonly ascents: number
    readonly radius: number
    readonly decay: number
  },
  Definition
>({
  id: "optim-sam/definition-of-the-family",
  statement:
    "SAM, USAM, the unified family between them, ASAM and p-norm SAM perturb by their definitions. Each of several ascents starts at the end of the previous one, and momentum uses the last gradient.",
  inFloatingPoint: "agreement",
  source: Kind.identity(recalled("definitions of the methods")),
  instances: Draw.record({
    problem: randomConvex(),
    kind: Draw.oneOf("sam", "usam", "unified", "asam", "pNorm"),
    ascents: Draw.integer(1, 3),
    radius: Draw.logarithmic(0.3, 0.01),
    decay: Draw.linear(0, 0.9),
  }),
  value: { momentumOf: "last", ascentFrom: "last" },
  margin: ({ instance: { ascents, decay, kind, problem, radius }, kernels, value: definition }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const setting = { ascents, decay, radius, rate: 0.1 / beta }
    const found = byMethod(objective, start, perturbations[kind]!(radius), setting)
    const expected = byDefinition(objective, start, added[kind]!, setting, definition)
    const distance = Vector.distance(found.point, expected.point)
    return Margin.all(
      Margin.holds(found.kept),
      Margin.equal(distance, 0, { absolute: 1e-10 * (1 + Vector.norm(expected.point)) }),
      ...found.losses.map((loss, k) =>
        Margin.equal(loss, expected.losses[k]!, {
          absolute: 1e-10 * (1 + Math.abs(expected.losses[k]!)),
        }),
      ),
    )
  },
  controls: [
    { name: "momentum of the first gradient", value: { momentumOf: "first", ascentFrom: "last" } },
    { name: "every ascent from the point", value: { momentumOf: "last", ascentFrom: "point" } },
  ],
})
