import { fillTridiagonal } from "../../src/kernels/reference/Ensemble.ts"
import type { RandomStream } from "../../src/RandomStream.ts"

/** One matrix of order n of the tridiagonal model: its diagonal and its off-diagonal. */
export const gaussianTridiagonal = (n: number, beta: number, stream: RandomStream) => {
  const [diagonal, off] = [new Float64Array(n), new Float64Array(Math.max(0, n - 1))]
  fillTridiagonal(stream, n, beta, diagonal, off)
  return { diagonal, off }
}
