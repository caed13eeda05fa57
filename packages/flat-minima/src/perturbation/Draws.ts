/** The randomness of a perturbation: what the algorithms ask of it, and where a run stands in it as data. */
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

/** Three kinds of draws. A run keeps `Place` in its state: plain data, so that a snapshot of the run is complete. */
export interface Draws<Place extends object = object> {
  /** The place before the first draw: every run has one of its own. */
  begin(): Place
  /** Writes a point uniform on the unit sphere. */
  fillSphere(place: Place, out: Float64Array): void
  /** A uniform index below `size`. */
  index(place: Place, size: number): number
  /** -1 or 1 with equal probability. */
  sign(place: Place): number
}

export interface Streams {
  readonly directions: RandomStream.RandomStream
  readonly samples: RandomStream.RandomStream
}

/** Draws of a seed: directions and samples from two streams. */
export const fromSeed = (seed: Seed.Seed): Draws<Streams> => ({
  begin: () => ({
    directions: RandomStream.make(seed.child("directions")),
    samples: RandomStream.make(seed.child("samples")),
  }),
  fillSphere: ({ directions }, out) => directions.fillSphere(out),
  index: ({ samples }, size) => samples.integer(size),
  sign: ({ samples }) => samples.sign(),
})

/**
 * Draws of a seed with random signs over the square root of the dimension for directions: the same drift to leading order (they are a
 * spherical 3-design), and cheaper.
 */
export const rademacher = (seed: Seed.Seed): Draws<Streams> => ({
  ...fromSeed(seed),
  fillSphere: ({ directions }, out) => {
    const size = 1 / Math.sqrt(out.length)
    for (let i = 0; i < out.length; i++) out[i] = size * directions.sign()
  },
})

export interface Published {
  /** The state of `mulberry32`. */
  word: number
  /** The second normal of a pair by `gaussian`; NaN where it is used. */
  held: number
}

const uniform = (place: Published): number => {
  const value = mulberry32(place.word)()
  // mulberry32 counts its state up by this
  place.word = (place.word + 0x6d2b79f5) | 0
  return value
}

const normal = (place: Published): number => {
  const { held } = place
  place.held = Number.NaN
  if (!Number.isNaN(held)) return held
  const pair = gaussian(() => uniform(place))
  const value = pair()
  place.held = pair()
  return value
}

/** The generator behind the golden numbers of the experiments; see `Mulberry32` of @nonconvex/numerics. */
export const published = (seed: number): Draws<Published> => ({
  begin: () => ({ word: seed | 0, held: Number.NaN }),
  fillSphere: (place, out) => {
    let length = 0
    while (length === 0) {
      for (let i = 0; i < out.length; i++) out[i] = normal(place)
      length = Vector.norm(out)
    }
    Vector.scale(1 / length, out)
  },
  index: (place, size) => Math.floor(uniform(place) * size),
  sign: (place) => (uniform(place) < 0.5 ? 1 : -1),
})
