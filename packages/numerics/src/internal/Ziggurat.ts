/**
 * Tables of the ziggurat for the normal density f(x) = exp(-x^2/2) (Marsaglia and Tsang 2000), 256 layers of equal area.
 *
 * Layer i is [0, x_i] times [f(x_i), f(x_{i+1})], where x_1 = r and x_256 = 0. Layer 0 is the base strip with its tail, of
 * pseudo-width x_0 = v / f(r). Built with Elementary.exp and log, so the tables have the same bits on every engine.
 */
import * as Elementary from "../Elementary.ts"

/** Start of the tail: the r for which 256 layers close at f(0) = 1 (solved to 40 digits). */
export const tailStart = 3.654152885361009

/** The area of a layer, v = r f(r) + integral of f over [r, infinity). */
const area = 0.004928673233974655

const edges = new Float64Array(257)

/** density[i] = f(x_i), length 257. */
export const density = new Float64Array(257)

/** width[i] = x_i 2^-52: turns a 52-bit integer into a coordinate of layer i. */
export const width = new Float64Array(256)

/** threshold[i] = floor(2^52 x_{i+1} / x_i): below it, the point is under the curve for certain. */
export const threshold = new Float64Array(256)

const gaussian = (x: number): number => Elementary.exp(-0.5 * x * x)

edges[0] = area / gaussian(tailStart)
edges[1] = tailStart
for (let i = 2; i < 256; i++) {
  const below = edges[i - 1]!
  edges[i] = Math.sqrt(-2 * Elementary.log(area / below + gaussian(below)))
}
for (let i = 0; i < 257; i++) density[i] = gaussian(edges[i]!)
for (let i = 0; i < 256; i++) {
  width[i] = edges[i]! * 2 ** -52
  threshold[i] = Math.floor((edges[i + 1]! / edges[i]!) * 2 ** 52)
}
