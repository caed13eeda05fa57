/** The functions of jstat that the lab uses; the package has no types of its own. */
declare module "jstat" {
  const jStat: {
    readonly studentt: {
      /** Quantile of Student's t at probability `p`. */
      readonly inv: (p: number, freedom: number) => number
    }
    readonly normal: {
      /** The probability that a normal number lies below `x`. */
      readonly cdf: (x: number, mean: number, sd: number) => number
      /** Quantile of the normal distribution at probability `p`. */
      readonly inv: (p: number, mean: number, sd: number) => number
    }
    /** The regularised incomplete beta function. */
    readonly ibeta: (x: number, a: number, b: number) => number
    /** The inverse of `ibeta` in `x`. */
    readonly ibetainv: (p: number, a: number, b: number) => number
  }
  export default jStat
}
