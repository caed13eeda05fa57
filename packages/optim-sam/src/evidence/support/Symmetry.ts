/** The form of the metamorphic laws: a run and a transformed run, five steps each, must agree. */
import { Draw, type Given, type Law, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "./Observe.ts"
import { derived } from "./Paper.ts"
import { expand, randomConvex, type RandomLoss } from "./RandomLoss.ts"
import type { Subject } from "./Subject.ts"

/** A problem with all that a run on it needs. */
export interface Run {
  readonly objective: Objective
  readonly start: Float64Array
  readonly learningRate: number
  readonly radius: number
}

/** The transformed run, and where the transformation takes a point of the original one. */
export interface Image extends Run {
  readonly image: (point: Float64Array) => Float64Array
}

export interface Instance {
  readonly problem: RandomLoss
  /** Learning rate times smoothness. */
  readonly product: number
  readonly radius: number
  /** How strong the transformation is; its own meaning in each law. */
  readonly strength: number
}

export type Transformation = (run: Run, instance: Instance) => Image

interface Control {
  readonly name: string
  readonly subject?: (subject: Subject) => Subject
  readonly transformation?: Transformation
}

interface Definition {
  readonly id: string
  readonly statement: string
  readonly method: keyof Subject
  /** Default 1. */
  readonly strength?: ReturnType<typeof Draw.linear>
  readonly transformation: Transformation
  readonly controls: readonly [Control, ...Control[]]
  /** Relative; 0 where no rounding is allowed. */
  readonly tolerance?: number
}

const horizon = 5

const marginOf =
  (method: keyof Subject, transformation: Transformation, tolerance: number) =>
  (subject: Subject, instance: Instance, { kernels }: Given): number => {
    const { beta, objective, start } = expand(instance.problem, kernels)
    const { product, radius } = instance
    const run: Run = { objective, start, radius, learningRate: product / beta }
    const end = ({ learningRate, objective: loss, radius: rho, start: from }: Run) =>
      Observe.after(subject[method](rho, learningRate), loss, from, horizon)
    const transformed = transformation(run, instance)
    const expected = transformed.image(end(run))
    return Margin.equal(Vector.distance(end(transformed), expected), 0, {
      absolute: tolerance * (Vector.norm(expected) + Vector.norm(transformed.start)),
    })
  }

/** A law about one of the two methods. */
export const symmetry = (definition: Definition): Law<Subject> => {
  const { controls, method, tolerance = 1e-9, transformation } = definition
  const control = ({ name, subject, transformation: changed }: Control) => ({
    name,
    ...(subject !== undefined && { subject }),
    ...(changed !== undefined && { margin: marginOf(method, changed, tolerance) }),
  })
  const [first, ...rest] = controls
  return law<Subject, Instance>({
    id: definition.id,
    statement: definition.statement,
    source: derived("definitions of SAM and USAM"),
    instances: Draw.record({
      problem: randomConvex(),
      product: Draw.linear(1, 0.1),
      radius: Draw.logarithmic(0.3, 1e-3),
      strength: definition.strength ?? Draw.oneOf(1),
    }),
    margin: marginOf(method, transformation, tolerance),
    controls: [control(first), ...rest.map(control)],
  })
}
