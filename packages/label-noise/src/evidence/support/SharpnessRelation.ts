import { Draw, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { near } from "./Near.ts"
import { expand, type Expanded, randomNetwork } from "./RandomNetwork.ts"
import type { Point, Subject } from "./Subject.ts"

export const instances = Draw.record({ problem: randomNetwork(), factor: Draw.logarithmic(2, 0.3) })

type Instance = Draw.Drawn<typeof instances>

export type Image = (
  expanded: Expanded,
  factor: number,
) => { readonly network: TwoLayer; readonly theta: Float64Array }

export type Relation = (point: Point, factor: number, neurons: number) => Point

export const times = (factor: number, vector: Float64Array): Float64Array =>
  vector.map((value) => factor * value)

export const scales =
  (image: Image) =>
  ({
    instance: { factor, problem },
    kernels,
    subject: { geometry },
    value: relation,
  }: MarginInput<Instance, Relation, Subject>): Margin.Comparison => {
    const expanded = expand(problem, { kernels })
    const { network, theta } = expanded
    const expected = relation(geometry(network, theta), factor, network.neurons)
    const other = image(expanded, factor)
    const found = geometry(other.network, other.theta)
    return Margin.all(
      Margin.equal(found.sharpness, expected.sharpness, { relative: 1e-11 }),
      near(found.multipliers, expected.multipliers, { floor: 1e-3 }),
      near(found.velocity, expected.velocity, { floor: 1e-3 }),
    )
  }

/** c^2 times the sharpness, and the given powers of c times the multipliers and the velocity. */
export const powerLaw =
  (ofMultipliers: number, ofVelocity: number): Relation =>
  ({ multipliers, sharpness, velocity }, factor) => ({
    sharpness: factor * factor * sharpness,
    multipliers: times(Elementary.pow(factor, ofMultipliers), multipliers),
    velocity: times(Elementary.pow(factor, ofVelocity), velocity),
  })
