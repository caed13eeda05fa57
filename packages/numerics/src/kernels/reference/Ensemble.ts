/**
 * Tridiagonal models of the Gaussian ensembles, draw by draw: the twin of `assembly/ensemble.ts`.
 *
 * Source: Dumitriu and Edelman, "Matrix models for beta ensembles" (2002).
 */
import { chi } from "../../Gamma.ts"
import type { RandomStream } from "../../RandomStream.ts"

/**
 * Fills matrices one after the other: n numbers of the diagonal, then n - 1 off-diagonal ones. Draws of each: the diagonal, normals
 * of variance 2 / beta; then off-diagonal number k, chi(beta (n - 1 - k)) / sqrt(beta).
 */
export const fillTridiagonal = (
  stream: RandomStream,
  n: number,
  beta: number,
  diagonal: Float64Array,
  off: Float64Array,
): void => {
  const scale = Math.sqrt(2 / beta)
  const root = Math.sqrt(beta)
  let at = 0
  for (let first = 0; first < diagonal.length; first += n) {
    for (let i = 0; i < n; i++) diagonal[first + i] = scale * stream.normal()
    for (let degrees = n - 1; degrees > 0; degrees--) {
      off[at++] = chi(beta * degrees, stream) / root
    }
  }
}
