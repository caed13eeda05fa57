/** Random quartics `sum_k c4 s^4 / 24 + c3 s^3 / 6 + c2 s^2 / 2` with `s = a_k . x + e_k`; all derivatives are known. */
import { Draw } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"

export const quarticInstance = (maximum: number) =>
  Draw.record({
    dimension: Draw.integer(1, maximum),
    terms: Draw.integer(1, 4),
    radius: Draw.logarithmic(0.5, 1e-3),
    seed: Draw.seed(),
  })
export type QuarticInstance = Draw.Drawn<ReturnType<typeof quarticInstance>>

/** A summand as a function of `s = a . x + e`. */
export interface Profile {
  readonly a: Float64Array
  readonly e: number
  /** The coefficients c4, c3 and c2. */
  readonly c: readonly [number, number, number]
}

export interface Quartic {
  readonly objective: Objective
  readonly profiles: ReadonlyArray<Profile>
  readonly point: Float64Array
  /** `grad tr Hess f` at the point. */
  readonly gradientOfTrace: Float64Array
}

export const expandQuartic = ({ dimension: n, seed, terms }: QuarticInstance): Quartic => {
  const stream = RandomStream.make(Seed.root(seed))
  const profiles = Array.from({ length: terms }, (): Profile => ({
    a: stream.normals(n),
    e: stream.normal(),
    c: [stream.normal(), stream.normal(), stream.normal()],
  }))
  const point = stream.normals(n)
  const gradientOfTrace = new Float64Array(n)
  for (const { a, c, e } of profiles) {
    const s = Vector.dot(a, point) + e
    // the third derivative of the profile, times |a|^2, along a
    Vector.axpy((c[0] * s + c[1]) * Vector.dot(a, a), a, gradientOfTrace)
  }
  return {
    point,
    profiles,
    gradientOfTrace,
    objective: {
      name: "quartic",
      dimension: n,
      constants: {},
      valueAndGradient: (x, gradient) => {
        gradient.fill(0)
        let value = 0
        for (const { a, c, e } of profiles) {
          const s = Vector.dot(a, x) + e
          value += s * s * ((c[0] * s * s) / 24 + (c[1] * s) / 6 + c[2] / 2)
          Vector.axpy(s * ((c[0] * s * s) / 6 + (c[1] * s) / 2 + c[2]), a, gradient)
        }
        return value
      },
    },
  }
}
