import { Draw, Exact } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Scheme } from "../../methods/Scheme.ts"
import { follow } from "./Follow.ts"
import * as Random from "./RandomProblem.ts"

export const step = {
  /** Length of the step as a multiple of 1 / l. */
  product: Draw.linear(1, 0.01),
  apart: Draw.logarithmic(1, 1e-6),
}

/** Distance of two points before and after a step. */
export const onePair = (
  expanded: Random.Expanded,
  { apart }: { readonly apart: number },
  scheme: Scheme,
) => {
  const ends = [expanded.start, Random.neighbour(expanded, apart)] as const
  const [one, two] = ends.map((start) => follow(scheme, expanded.problem, start, 1).point)
  return {
    before: Vector.distance(...ends),
    after: Vector.distance(one!, two!),
    exactly: () => ({
      before: Exact.squaredDistance(...ends),
      after: Exact.squaredDistance(one!, two!),
    }),
  }
}

export const games = { ...Random.gameFields, ...step }
