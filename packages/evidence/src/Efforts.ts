/** Numbers of draws after which a search reports its closest call. */

/** Numbers of draws at which the closest call is reported: 1, 2, 5, 10, 20, 50, ... below `runs`, then `runs`. */
export const efforts = (runs: number): ReadonlyArray<number> => {
  const below: Array<number> = []
  for (let ten = 1; ten < runs; ten *= 10) below.push(ten, 2 * ten, 5 * ten)
  return [...below.filter((draws) => draws < runs), runs]
}
