/** Dyson Brownian motion by implicit Euler: the comparison of gaps of Lemma 3, path by path, and the symmetries of the flow. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as DysonFlow from "../../eigenvalues/DysonFlow.ts"
import { derived } from "../support/Paper.ts"
import { plus, streamOf } from "../support/Structures.ts"

/** `wider` says by how much the gaps of the second start are. */
const paths = (timeStep = Draw.logarithmic(1, 1e-3)) =>
  Draw.record({
    dimension: Draw.integer(2, 8),
    beta: Draw.oneOf(1, 2),
    timeStep,
    steps: Draw.integer(1, 10),
    wider: Draw.linear(1, 0),
    seed: Draw.seed(),
  })
type Path = Draw.Drawn<ReturnType<typeof paths>>

/** Descending starts; every gap of the second is at least that of the first. */
const starts = ({ dimension, seed, wider }: Path) => {
  const stream = streamOf(seed, "start")
  const narrow = new Float64Array(dimension)
  const wide = new Float64Array(dimension)
  for (let i = 1; i < dimension; i++) {
    const gap = stream.uniform() < 0.3 ? 0 : stream.uniform()
    narrow[i] = narrow[i - 1]! - gap
    wide[i] = wide[i - 1]! - gap - wider * stream.uniform()
  }
  return { narrow, wide }
}

type Step = (flow: DysonFlow.DysonFlow, normals: Float64Array) => void

const follow = (instance: Path, start: Float64Array, step: Step = DysonFlow.step, sign = 1) => {
  const { beta, dimension, seed, steps, timeStep } = instance
  const flow = DysonFlow.make(start, { beta, timeStep })
  const stream = streamOf(seed, "noise")
  const normals = new Float64Array(dimension)
  for (let k = 0; k < steps; k++) {
    stream.fillNormal(normals)
    step(flow, sign === 1 ? normals : normals.map((x) => -x).toReversed())
  }
  return flow.position
}

/** Explicit Euler at the same coefficients. */
const explicit: Step = (flow, normals) => {
  const { beta, dimension, position, timeStep, variance } = flow
  const scale = Math.sqrt((2 * variance * timeStep) / beta)
  const next = position.map((x, i) => {
    let drift = 0
    for (let j = 0; j < dimension; j++) if (position[j] !== x) drift += 1 / (x - position[j]!)
    return x + scale * normals[i]! + variance * timeStep * drift
  })
  position.set(next)
}

export const gapMonotone = parametrised({
  id: "dp-lowrank/gap-comparison",
  statement:
    "Under one noise, wider initial gaps stay wider (Lemma 3): exactly so for implicit Euler, which also keeps the order.",
  source: derived("Lemma 3, for the discrete scheme"),
  instances: paths(),
  margin: (instance, _, step: Step) => {
    const { narrow, wide } = starts(instance)
    const [a, b] = [follow(instance, narrow, step), follow(instance, wide, step)]
    const [small, large] = [Gaps.gapsOf(a), Gaps.gapsOf(b)]
    return Margin.holds(small.every((gap, i) => gap > 0 && large[i]! >= gap - 1e-9))
  },
  holds: DysonFlow.step,
  fails: [["explicit Euler", explicit, paths(Draw.linear(1, 0.2))]],
})

export const symmetries = parametrised({
  id: "dp-lowrank/dyson-symmetries",
  statement:
    "The flow commutes with translations and with the reflection x -> -x, and (x, t) -> (c x, c^2 t) scales its paths.",
  source: derived("invariances of Dyson Brownian motion"),
  instances: paths(),
  /** `power` is that of lengths in times. */
  margin: (instance, _, power: number) => {
    const { narrow } = starts(instance)
    const position = follow(instance, narrow)
    const tolerance = { absolute: 1e-8 * (1 + Math.abs(position[0]!) + Math.abs(position.at(-1)!)) }
    const [further, opposed] = [narrow.map((x) => x + 3), narrow.map((x) => -x).toReversed()]
    const shifted = follow(instance, further)
    const reflected = follow(instance, opposed, DysonFlow.step, -1)
    const c = 2
    const later = { ...instance, timeStep: instance.timeStep * c ** power }
    const scaled = follow(later, plus(narrow, narrow))
    const n = position.length
    const margins = Array.from(position, (x, i) => [
      Margin.equal(shifted[i]!, x + 3, tolerance),
      Margin.equal(-reflected[n - 1 - i]!, x, tolerance),
      Margin.equal(scaled[i]!, c * x, tolerance),
    ])
    return Margin.all(...margins.flat())
  },
  holds: 2,
  fails: [["time scaled by c", 1]],
})
