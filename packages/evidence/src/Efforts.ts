/** After how many draws a search says how near it came. */

/** Numbers of draws after which it is said how near to a violation they came: 1, 2, 5, 10, 20, 50 and on below `runs`, then `runs`. */
export const efforts = (runs: number): ReadonlyArray<number> => {
  const below: Array<number> = []
  for (let ten = 1; ten < runs; ten *= 10) below.push(ten, 2 * ten, 5 * ten)
  return [...below.filter((draws) => draws < runs), runs]
}
