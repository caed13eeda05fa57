/** Random draws of a perturbation, with the position of a run as data. */
import * as Require from "@nonconvex/numerics/Require"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

/**
 * Sphere points, sample indices and signs. A run keeps `Place` in its state as plain data, so a snapshot of the run is complete.
 */
export interface Draws<Place extends object = object> {
  /** The place before the first draw; each run has its own. */
  begin(): Place
  /** Writes a uniform point on the unit sphere. */
  fillSphere(place: Place, out: Float64Array): void
  /** A uniform index below `size`. */
  index(place: Place, size: number): number
  /** -1 or 1 with equal probability. */
  sign(place: Place): number
}

interface Streams {
  readonly directions: RandomStream.RandomStream
  readonly samples: RandomStream.RandomStream
}

const streams = (seed: Seed.Seed): Draws<Streams> => ({
  begin: () => ({
    directions: RandomStream.make(seed.child("directions")),
    samples: RandomStream.make(seed.child("samples")),
  }),
  fillSphere: ({ directions }, out) => directions.fillSphere(out),
  index: ({ samples }, size) => samples.integer(size),
  sign: ({ samples }) => samples.sign(),
})

/** Draws from a seed: directions and samples come from two streams. */
export const fromSeed = (seed: Seed.Seed): Draws => {
  Require.seed("Draws.fromSeed", "seed", seed)
  return streams(seed)
}

/**
 * Draws from a seed whose directions are random signs divided by the square root of the dimension. They are cheaper, with the
 * same drift to leading order (a spherical 3-design).
 */
export const rademacher = (seed: Seed.Seed): Draws => ({
  ...streams(seed),
  fillSphere: ({ directions }: Streams, out) => {
    const size = 1 / Math.sqrt(out.length)
    for (let i = 0; i < out.length; i++) out[i] = size * directions.sign()
  },
})

interface Published {
  /** The state of `mulberry32`. */
  word: number
  /** The second normal of a pair; NaN once it is used. */
  held: number
}

/** The next number of `mulberry32`, with its state as data. */
const uniform = (place: Published): number => {
  const word = (place.word + 0x6d2b79f5) | 0
  place.word = word
  let t = Math.imul(word ^ (word >>> 15), 1 | word)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

/** The next number of `gaussian`. */
const normal = (place: Published): number => {
  const { held } = place
  place.held = Number.NaN
  if (!Number.isNaN(held)) return held
  let u = uniform(place)
  while (u === 0) u = uniform(place)
  const angle = 2 * Math.PI * uniform(place)
  const radius = Math.sqrt(-2 * Elementary.log(u))
  place.held = radius * Elementary.sin(angle)
  return radius * Elementary.cos(angle)
}

/**
 * The generator behind the golden numbers of the experiments: `mulberry32` and `gaussian` of @nonconvex/numerics.
 */
export const published = (seed: number): Draws => {
  Require.finite("Draws.published", "seed", seed)
  return {
    begin: (): Published => ({ word: seed | 0, held: Number.NaN }),
    fillSphere: (place: Published, out) => {
      let length = 0
      while (length === 0) {
        for (let i = 0; i < out.length; i++) out[i] = normal(place)
        length = Vector.norm(out)
      }
      Vector.scale(1 / length, out)
    },
    index: (place: Published, size) => Math.floor(uniform(place) * size),
    sign: (place: Published) => (uniform(place) < 0.5 ? 1 : -1),
  }
}
