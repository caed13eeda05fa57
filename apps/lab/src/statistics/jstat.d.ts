/** The functions of jstat that the lab uses; the package has no types of its own. */
declare module "jstat" {
  const jStat: {
    readonly studentt: {
      /** The point below which Student's t lies with probability `p`. */
      readonly inv: (p: number, freedom: number) => number
    }
    /** The regularised incomplete beta function. */
    readonly ibeta: (x: number, a: number, b: number) => number
  }
  export default jStat
}
