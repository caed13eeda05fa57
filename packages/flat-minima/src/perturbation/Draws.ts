/** The randomness of a perturbation: a recipe of which every run takes a sequence of its own, from the beginning. */
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

/** What the algorithms draw in one run. Where it stands is data among its fields, so that a snapshot of the run is complete. */
export interface Sequence {
  /** A point uniform on the unit sphere. */
  readonly fillSphere: (out: Float64Array) => void
  /** A uniform index below `size`. */
  readonly index: (size: number) => number
  /** -1 or 1 with equal probability. */
  readonly sign: () => number
}

/** Two starts give two sequences of the same numbers. */
export interface Draws {
  readonly start: () => Sequence
}

/** Draws of a seed: directions and samples from two streams. */
export const fromSeed = (seed: Seed.Seed): Draws => ({
  start: () => {
    const directions = RandomStream.make(seed.child("directions"))
    const samples = RandomStream.make(seed.child("samples"))
    return {
      directions,
      samples,
      fillSphere: (out) => directions.fillSphere(out),
      index: (size) => samples.integer(size),
      sign: () => samples.sign(),
    }
  },
})

/** The generator behind the golden numbers of the experiments; see `Mulberry32` of @nonconvex/numerics. */
export const published = (seed: number): Draws => ({
  start: () => {
    const word = Int32Array.of(seed)
    /** The second normal of a pair; NaN where it is used. */
    const held = Float64Array.of(Number.NaN)
    const uniform = (): number => {
      const value = mulberry32(word[0]!)()
      // the generator counts its state up by this
      word[0]! += 0x6d2b79f5
      return value
    }
    const normal = (): number => {
      let value = held[0]!
      held[0] = Number.NaN
      if (Number.isNaN(value)) {
        const pair = gaussian(uniform)
        value = pair()
        held[0] = pair()
      }
      return value
    }
    return {
      word,
      held,
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
  },
})

/**
 * Draws of a seed with random signs over the square root of the dimension for directions: the same drift to leading order (they are a
 * spherical 3-design), and cheaper.
 */
export const rademacher = (seed: Seed.Seed): Draws => ({
  start: () => {
    const directions = RandomStream.make(seed.child("directions"))
    return {
      ...fromSeed(seed).start(),
      directions,
      fillSphere: (out) => {
        const size = 1 / Math.sqrt(out.length)
        for (let i = 0; i < out.length; i++) out[i] = size * directions.sign()
      },
    }
  },
})
