/** Moving, rotating and scaling a problem moves, rotates and scales the answers of a method. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import {
  carried,
  changedFields,
  endOf,
  near,
  remembersOrigin,
  same,
} from "../support/ChangedGame.ts"
import { plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"

export const translation = law({
  id: "reproducible-minimax/translation",
  statement: "Moving the problem, its set and the start moves the answer alike.",
  source: derived("every step commutes with translations"),
  instances: Draw.record(changedFields),
  margin: (subject: Subject, instance, given) => {
    const { problem, start, stream } = expand(instance, given)
    const shift = stream("shift").normals(start.length)
    Vector.scale(instance.amount === 0 ? 1 : instance.amount, shift)
    const moved = carried(problem, {
      from: (z) => z.map((x, i) => x - shift[i]!),
      back: (v) => v,
      feasible: FeasibleSet.translated(problem.feasible, shift),
    })
    const move = (z: Float64Array) => plus(z, 1, shift)
    const expected = move(endOf(subject, instance, problem, start))
    return near(endOf(subject, instance, moved, move(start)), expected)
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})

export const rotation = law({
  id: "reproducible-minimax/rotation",
  statement: "On balls, rotating the coordinates of each player rotates the answer.",
  source: derived("every step on a ball commutes with rotations"),
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball") }),
  margin: (subject: Subject, instance, given) => {
    const { problem, start, stream } = expand(instance, given)
    const [n, m] = problem.dimensions
    const draw = stream("rotation")
    const [q, p] = [Orthogonal.haar(n, draw), Orthogonal.haar(m, draw)]
    const rotate = (transpose: boolean) => (z: Float64Array) =>
      z.map((_, i) => {
        const [matrix, size, begin] = i < n ? [q, n, 0] : [p, m, n]
        let sum = 0
        for (let j = 0; j < size; j++) {
          const at = transpose ? j * size + (i - begin) : (i - begin) * size + j
          sum += matrix[at]! * z[begin + j]!
        }
        return sum
      })
    const rotated = carried(problem, {
      from: rotate(true),
      back: rotate(false),
      feasible: problem.feasible,
    })
    const expected = rotate(false)(endOf(subject, instance, problem, start))
    return near(endOf(subject, instance, rotated, rotate(false)(start)), expected)
  },
  controls: [{ name: "answers that prefer the first coordinate", subject: remembersOrigin }],
})

export const scaling = law({
  id: "reproducible-minimax/scaling-of-values",
  statement:
    "Scaling the game, its smoothness and eps by a power of two leaves every bit of the answer.",
  source: derived("steps are in proportion to 1 / l, strengths to l"),
  instances: Draw.record(changedFields),
  margin: (subject: Subject, instance, given) => {
    const { problem, start } = expand(instance, given)
    const c = 2 ** instance.amount
    const scaled = carried(problem, {
      from: (z) => z,
      back: (v) => v.map((x) => c * x),
      feasible: problem.feasible,
      smoothness: c * problem.smoothness,
    })
    const expected = endOf(subject, instance, problem, start)
    return Margin.holds(same(endOf(subject, instance, scaled, start, c), expected))
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})

export const argumentScaling = law({
  id: "reproducible-minimax/scaling-of-arguments",
  statement:
    "Scaling the arguments by a power of two s, with l / s^2, s D and s delta, scales every bit of the answer by s.",
  source: derived("steps and strengths have the units of the arguments"),
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball", "simplex") }),
  margin: (subject: Subject, instance, given) => {
    const { problem, start } = expand(instance, given)
    const s = 2 ** instance.amount
    const [n, m] = problem.dimensions
    const one = instance.set === "ball" ? FeasibleSet.ball(s) : FeasibleSet.simplex(s)
    const scaled = carried(problem, {
      from: (z) => z.map((x) => x / s),
      back: (v) => v.map((x) => x / s),
      feasible: FeasibleSet.product([one, n], [one, m]),
      smoothness: problem.smoothness / (s * s),
    })
    const stretch = (z: Float64Array) => z.map((x) => s * x)
    const expected = stretch(endOf(subject, instance, problem, start))
    return Margin.holds(same(endOf(subject, instance, scaled, stretch(start), 1, s), expected))
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})
