import * as Constants from "../Constants.ts"

/** The largest |eigenvalue|. */
export const largestMagnitude = (spectrum: Float64Array): number =>
  spectrum.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)

/** Threshold below which eigenvalues of a computed matrix count as 0: 64 n ulp of the largest. */
export const noise = (spectrum: Float64Array): number =>
  64 * spectrum.length * Number.EPSILON * largestMagnitude(spectrum)

/**
 * Constants of a quadratic function from the eigenvalues of its Hessian; eigenvalues within `zero` of 0 count as 0.
 *
 * `source` names the origin of the eigenvalues; `minimum` is the value at a critical point, the minimum of a convex function.
 */
export const quadraticConstants = (
  spectrum: Float64Array,
  options: { readonly source: string; readonly minimum: Constants.Constant; readonly zero: number },
): Constants.Constants => {
  const { minimum, source, zero } = options
  const smallest = spectrum.reduce((least, value) => Math.min(least, value), Infinity)
  const smallestPositive = spectrum.reduce(
    (least, value) => (value > zero ? Math.min(least, value) : least),
    Infinity,
  )
  const convex = smallest >= -zero
  return {
    smoothness: Constants.exact(largestMagnitude(spectrum), `largest |eigenvalue|, ${source}`),
    ...(smallest > zero && {
      strongConvexity: Constants.exact(smallest, `smallest eigenvalue, ${source}`),
    }),
    ...(convex &&
      smallestPositive < Infinity && {
        polyakLojasiewicz: Constants.exact(
          smallestPositive,
          `smallest positive eigenvalue, ${source}`,
        ),
      }),
    ...(convex && { minimum }),
  }
}
