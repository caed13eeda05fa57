/**
 * Interval arithmetic that contains the exact value: every end is rounded outward, with the same bits on every engine.
 *
 * An operation on intervals contains all results for numbers in them (Moore 1966). An end is rounded only if the exact one
 * is not a float64, so integers and sums of powers of two stay points. Ends may be infinite.
 */
export {
  absolute,
  add,
  contains,
  divide,
  hull,
  type Interval,
  isBelow,
  make,
  multiply,
  negate,
  ofRational,
  point,
  sqrt,
  square,
  subtract,
  width,
} from "./internal/interval/Arithmetic.ts"
export { exp, log } from "./internal/interval/Functions.ts"
