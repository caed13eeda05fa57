/** The form of the metamorphic laws: a run and a transformed run, five steps each, must agree. */
import {
  claim,
  type ClaimDefinition,
  type Described,
  Draw,
  Kind,
  type Law,
  Margin,
} from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "./Observe.ts"
import { derived } from "./Paper.ts"
import { expand, randomConvex } from "./RandomLoss.ts"
import { type Subject, optimSam } from "./Subject.ts"

/** Problem with all settings of a run on it. */
interface Run {
  readonly objective: Objective
  readonly start: Float64Array
  readonly learningRate: number
  readonly radius: number
}

/** Transformed run, and the map from points of the original run to points of the transformed one. */
interface Image extends Run {
  readonly image: (point: Float64Array) => Float64Array
}

const instances = (strength: ReturnType<typeof Draw.linear>) =>
  Draw.record({
    problem: randomConvex(),
    /** Learning rate times smoothness. */
    product: Draw.linear(1, 0.1),
    radius: Draw.logarithmic(0.3, 1e-3),
    /** Strength of the transformation; its meaning depends on the law. */
    strength,
  })
type Instance = Draw.Drawn<ReturnType<typeof instances>>

export type Transformation = (run: Run, instance: Instance) => Image

const horizon = 5

interface Definition extends Pick<Described, "id" | "statement"> {
  readonly method: keyof Subject
  /** Default 1. */
  readonly strength?: ReturnType<typeof Draw.linear>
  readonly transformation: Transformation
  /** Other transformations or other subjects. */
  readonly controls: ClaimDefinition<Instance, Transformation, Subject>["controls"]
  /** Relative; 0 where no rounding is allowed. */
  readonly tolerance?: number
}

/** A law about one of the two methods. */
export const symmetry = ({
  method,
  strength = Draw.oneOf(1),
  tolerance = 1e-9,
  transformation,
  ...definition
}: Definition): Law<Subject> =>
  claim<Instance, Transformation, Subject>({
    ...definition,
    inFloatingPoint: tolerance === 0 ? "bits" : "agreement",
    source: Kind.identity(derived("definitions of SAM and USAM")),
    subject: optimSam,
    instances: instances(strength),
    value: transformation,
    margin: ({ instance, kernels, subject, value: transform }) => {
      const { beta, objective, start } = expand(instance.problem, kernels)
      const { product, radius } = instance
      const run: Run = { objective, start, radius, learningRate: product / beta }
      const end = ({ learningRate, objective: loss, radius: rho, start: from }: Run) =>
        Observe.after(subject[method](rho, learningRate), loss, from, horizon)
      const transformed = transform(run, instance)
      const expected = transformed.image(end(run))
      return Margin.equal(Vector.distance(end(transformed), expected), 0, {
        absolute: tolerance * (Vector.norm(expected) + Vector.norm(transformed.start)),
      })
    },
  })
