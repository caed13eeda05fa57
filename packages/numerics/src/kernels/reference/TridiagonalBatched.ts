/** Eigenvalues of many symmetric tridiagonal matrices: the twin of `assembly/tridiagonal.ts`. */
import { powerOfTwoNear } from "../../Scaling.ts"
import { rootFreeQL } from "../../internal/TridiagonalQL.ts"
import * as Vector from "../../Vector.ts"

/** Returns -1, or the first matrix with an entry that is not finite. */
export const eigenvalues = (
  count: number,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
  values: Float64Array,
): number => {
  const e = new Float64Array(Math.max(0, n - 1))
  for (let k = 0; k < count; k++) {
    const d = values.subarray(k * n, (k + 1) * n)
    d.set(diagonal.subarray(k * n, (k + 1) * n))
    e.set(off.subarray(k * e.length, (k + 1) * e.length))
    const largest = Math.max(Vector.maxAbs(d), Vector.maxAbs(e))
    if (!(largest < Infinity)) return k
    const scale = powerOfTwoNear(largest)
    for (let i = 0; i < n; i++) d[i] = d[i]! / scale
    for (let i = 0; i < e.length; i++) e[i] = e[i]! / scale
    rootFreeQL(d, e, n)
    for (let i = 0; i < n; i++) d[i] = d[i]! * scale
    d.sort()
  }
  return -1
}
