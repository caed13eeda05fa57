/** Instances: small structures that expand deterministically to games and objectives of smoothness 1. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { quadraticGame } from "@nonconvex/problems/QuadraticGame"
import { answerAt, minimisation, type Problem, saddlePoint } from "../../problem/Problem.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { plus } from "./Linear.ts"

/** An instance with these fields. */
export type Drawn<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends {
    generate: (...parameters: never) => { readonly value: infer Value }
  }
    ? Value
    : never
}

const sets = ["ball", "box", "simplex"] as const
type SetName = (typeof sets)[number]

/** A set of diameter 2 for each player (of sqrt2 for a simplex); their names are in `sets`. */
const setOf = (name: SetName, size: number): FeasibleSet.FeasibleSet =>
  name === "ball"
    ? FeasibleSet.ball(1)
    : name === "box"
      ? FeasibleSet.box(1 / Math.sqrt(size))
      : FeasibleSet.simplex()

/** Eigenvalues from 1 down to 10^-decades, evenly spaced in their logarithm, the last `zeros` of which are 0. */
const spectrumOf = (size: number, decades: number, zeros: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) =>
    i >= size - zeros ? 0 : Elementary.pow(10, -decades * (size === 1 ? 0 : i / (size - 1))),
  )

/** `Q diag(spectrum) Q^T` in a Haar basis. */
const definite = (spectrum: Float64Array, stream: RandomStream.RandomStream): Float64Array => {
  const n = spectrum.length
  const q = Orthogonal.haar(n, stream)
  const h = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += q[i * n + k]! * spectrum[k]! * q[j * n + k]!
      h[i * n + j] = h[j * n + i] = sum
    }
  }
  return h
}

/** Streams for what an instance draws. */
const streamsOf = (seed: number) => (label: string) =>
  RandomStream.make(Seed.root(seed).child(label))

export const gameFields = {
  min: Draw.integer(1, 5),
  max: Draw.integer(1, 5),
  /** Curvature of the quadratic terms relative to the coupling; 0 is a bilinear game. */
  curvature: Draw.oneOf(0, 0.1, 1),
  zeros: Draw.integer(0, 2),
  set: Draw.oneOf(...sets),
  seed: Draw.seed(),
}
type RandomGame = Drawn<typeof gameFields>

export interface Expanded {
  readonly problem: Problem
  /** The largest diameter of a player's set. */
  readonly D: number
  /** A point of the set. */
  readonly start: Float64Array
  /** Streams for further draws of an instance. */
  readonly stream: (label: string) => RandomStream.RandomStream
}

/** The game scaled to smoothness 1, with its saddle inside or outside of the set. */
export const expand = (instance: RandomGame, { kernels }: Given): Expanded => {
  const { curvature, max, min, seed, set } = instance
  const stream = streamsOf(seed)
  const draw = stream("game")
  const player = (n: number) => {
    const zeros = Math.min(instance.zeros, n - 1)
    const quadraticTerm = definite(spectrumOf(n, 3, zeros), draw).map((h) => curvature * h)
    const linear = draw.normals(n).map((x) => 0.3 * x)
    return { quadraticTerm, linear, feasible: setOf(set, n) }
  }
  const [first, second] = [player(min), player(max)]
  const coupling = draw.normals(min * max).map((x) => x / Math.sqrt(min + max))
  const build = (scale: number) => {
    const side = ({ feasible, linear, quadraticTerm }: typeof first) => ({
      feasible,
      linear: linear.map((x) => scale * x),
      ...(curvature > 0 && { quadratic: quadraticTerm.map((x) => scale * x) }),
    })
    const sides = { min: side(first), max: side(second) }
    return quadraticGame({
      coupling: coupling.map((x) => scale * x),
      columns: max,
      kernels,
      ...sides,
    })
  }
  const { smoothness } = build(1)
  const game = build(1 / smoothness)
  const start = stream("start").normals(min + max)
  game.project(start)
  return {
    problem: saddlePoint(game, { smoothness: 1, error: 0 }),
    D: Math.max(setOf(set, min).diameter(min), setOf(set, max).diameter(max)),
    start,
    stream,
  }
}

export const quadraticFields = {
  dimension: Draw.oneOf(1, 2, 3, 4, 6, 8, 50),
  decades: Draw.linear(0, 6),
  zeros: Draw.integer(0, 3),
  seed: Draw.seed(),
}
export type RandomQuadratic = Drawn<typeof quadraticFields>

/** Few enough coordinates for elimination. */
export const fewCoordinates = { ...quadraticFields, dimension: Draw.oneOf(1, 2, 3, 4, 6, 8) }

/** Likewise, and at least two. */
export const smallQuadratics = { ...quadraticFields, dimension: Draw.oneOf(2, 3, 4, 6, 8) }

interface ExpandedQuadratic extends Expanded {
  readonly minimiser: Float64Array
  /** The curvatures, descending. */
  readonly spectrum: Float64Array
  readonly value: (x: Float64Array) => number
}

/** Convex quadratic of smoothness 1 on the whole space, in a random basis; D is the distance of the start to its minimiser. */
export const expandQuadratic = (instance: RandomQuadratic): ExpandedQuadratic => {
  const { decades, dimension, seed } = instance
  const stream = streamsOf(seed)
  const minimiser = stream("minimiser").normals(dimension)
  const spectrum = spectrumOf(dimension, decades, Math.min(instance.zeros, dimension - 1))
  const basis = Orthogonal.haar(dimension, stream("basis"))
  const objective = quadratic({ spectrum, basis, minimiser })
  const start = stream("start").normals(dimension)
  const scratch = new Float64Array(dimension)
  return {
    problem: minimisation(objective),
    D: Vector.distance(start, minimiser),
    start,
    stream,
    minimiser,
    spectrum,
    value: (x) => objective.valueAndGradient(x, scratch),
  }
}

interface Around {
  readonly reference: Float64Array
  readonly stream: Expanded["stream"]
}

/** Along a random line, in either direction. */
const along = ({ reference, stream }: Around, sign: 1 | -1): ErrorStrategy.ErrorStrategy => {
  const unit = stream("error").onSphere(reference.length)
  return ErrorStrategy.constant(unit.map((x) => sign * x))
}

/** Strategies of an adversary; `constant` and `opposed` are used by two runs with opposite errors. */
const strategies = {
  constant: (around) => along(around, 1),
  opposed: (around) => along(around, -1),
  outward: ({ reference }) => ErrorStrategy.radial(reference, 1),
  inward: ({ reference }) => ErrorStrategy.radial(reference, -1),
  signs: ({ reference }) => ErrorStrategy.signs(reference),
  random: ({ stream }) => ErrorStrategy.random(stream("errors")),
  damping: () => ErrorStrategy.damping,
  turning: () => ErrorStrategy.turning,
} satisfies Readonly<Record<string, (around: Around) => ErrorStrategy.ErrorStrategy>>
export type StrategyName = keyof typeof strategies

export const anyStrategy = Draw.oneOf(
  ...(Object.keys(strategies) as [StrategyName, ...Array<StrategyName>]),
)

export const strategyOf = (name: StrategyName, around: Around): ErrorStrategy.ErrorStrategy =>
  strategies[name](around)

/** Bound on the norm of the operator on the set, from its value at the start and the distance to the farthest point. */
export const largestAnswer = ({ D, problem, start }: Expanded): number =>
  Vector.norm(answerAt(problem, start)) + Math.SQRT2 * problem.smoothness * D

/** Another point of the set, at the given distance from the start before projection. */
export const neighbour = ({ problem, start, stream }: Expanded, apart: number): Float64Array => {
  const other = plus(start, apart, stream("other").onSphere(start.length))
  problem.feasible.project(other, 0, other.length)
  return other
}
