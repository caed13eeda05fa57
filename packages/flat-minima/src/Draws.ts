/** The randomness of a perturbation, as the three things that the algorithms ask of it. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"

export interface Draws {
  /** A point uniform on the unit sphere. */
  fillSphere(out: Float64Array): void
  /** A uniform index below `size`. */
  index(size: number): number
  /** -1 or 1 with equal probability. */
  sign(): number
}

/** Draws of a seed; the default of every method. */
export const fromSeed = (seed: Seed.Seed): Draws => {
  const directions = RandomStream.make(seed.child("directions"))
  const samples = RandomStream.make(seed.child("samples"))
  return {
    fillSphere: (out) => directions.fillSphere(out),
    index: (size) => samples.integer(size),
    sign: () => samples.sign(),
  }
}

/** The generator behind the golden numbers of the experiments; see `mulberry32`. */
export const published = (seed: number): Draws => {
  const uniform = mulberry32(seed)
  const normal = gaussian(uniform)
  return {
    fillSphere: (out) => {
      let length = 0
      while (length === 0) {
        for (let i = 0; i < out.length; i++) out[i] = normal()
        length = Vector.norm(out)
      }
      Vector.scale(1 / length, out)
    },
    index: (size) => Math.floor(uniform() * size),
    sign: () => (uniform() < 0.5 ? 1 : -1),
  }
}

/** Signs over the square root of the dimension: the same drift to leading order (a spherical 3-design), and cheaper. */
export const rademacher = (seed: Seed.Seed): Draws => {
  const draws = fromSeed(seed)
  const stream = RandomStream.make(seed.child("directions"))
  return {
    ...draws,
    fillSphere: (out) => {
      const size = 1 / Math.sqrt(out.length)
      for (let i = 0; i < out.length; i++) out[i] = size * stream.sign()
    },
  }
}
