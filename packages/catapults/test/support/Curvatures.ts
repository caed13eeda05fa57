/** Operators whose top eigenvalue is known. */

/** A multiple of the identity. */
export const scaled = (factor: number) => ({
  operator: (v: Float64Array, out: Float64Array) => {
    for (let i = 0; i < v.length; i++) out[i] = factor * v[i]!
  },
  dimension: 3,
})
