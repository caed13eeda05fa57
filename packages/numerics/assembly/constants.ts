/**
 * Numbers that fill a vector. V8 makes a constant vector again at each use, from four instructions; a load is one.
 *
 * They lie in memory, at the address that `--memoryBase` in build.mjs gives them.
 */

const table = memory.data<f64>([
  1, // one
  2, // two
  3, // three
  0.5, // aHalf
  1.4426950408889634, // log2e
  0.34657359027997264, // halfLn2
  0.69314718036912381649, // ln2High
  1.90821492927058770002e-10, // ln2Low
  0.166666666666666019037, // exp1
  -2.77777777770155933842e-3, // exp2nd
  6.61375632143793436117e-5, // exp3
  -1.6533902205465251539e-6, // exp4
  4.13813679705723846039e-8, // exp5
  3.725290298461914e-9, // tiny
  -0.9643991794250523, // tanhP0
  -99.28772310019185, // tanhP1
  -1614.6876844170845, // tanhP2
  112.81167849163293, // tanhQ0
  2235.4883906010045, // tanhQ1
  4844.063053251255, // tanhQ2
  0.625, // nearLimit
  708, // usual
])

/** The number with this name, in both lanes. */
@inline
export function number(name: usize): v128 {
  return v128.load64_splat(table + name * 8)
}

export const one: usize = 0
export const two: usize = 1
export const three: usize = 2
export const aHalf: usize = 3
export const log2e: usize = 4
export const halfLn2: usize = 5
export const ln2High: usize = 6
export const ln2Low: usize = 7
export const exp1: usize = 8
export const exp2nd: usize = 9
export const exp3: usize = 10
export const exp4: usize = 11
export const exp5: usize = 12
export const tiny: usize = 13
export const tanhP0: usize = 14
export const tanhP1: usize = 15
export const tanhP2: usize = 16
export const tanhQ0: usize = 17
export const tanhQ1: usize = 18
export const tanhQ2: usize = 19
export const nearLimit: usize = 20
export const usual: usize = 21
