/** Gamma and chi random numbers from a stream, with the same bits on every engine. */
import * as Elementary from "./Elementary.ts"
import * as Require from "./Require.ts"
import type { RandomStream } from "./RandomStream.ts"

/**
 * Gamma-distributed number with the given shape > 0 and scale 1 (Marsaglia and Tsang 2000); mean and variance equal the
 * shape.
 *
 * Draws: x normal, repeated while v = (1 + c x)^3 is not positive, then u = uniformOpen; all repeated unless u is small
 * enough. For a shape below 1, a number of shape + 1 is multiplied by uniformOpen^(1 / shape). Throws InvalidInput unless
 * the shape is positive.
 */
export const gamma = (shape: number, stream: RandomStream): number => {
  Require.positive("Gamma.gamma", "shape", shape)
  if (shape < 1) {
    const larger = gamma(shape + 1, stream)
    return larger * Elementary.exp(Elementary.log(stream.uniformOpen()) / shape)
  }
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = stream.normal()
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    const u = stream.uniformOpen()
    // their squeeze: where this holds, so does the test below, which takes two logarithms
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return d * v
    if (Elementary.log(u) < 0.5 * x * x + d - d * v + d * Elementary.log(v)) return d * v
  }
}

/** A chi number with `degrees` > 0 degrees of freedom: the length of a vector of `degrees` normals. Throws as gamma. */
export const chi = (degrees: number, stream: RandomStream): number =>
  Math.sqrt(2 * gamma(degrees / 2, stream))
