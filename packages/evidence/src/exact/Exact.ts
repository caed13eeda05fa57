/** Exact values, relations between them, and counterexamples computed with them. */
export {
  absolute,
  add,
  compare,
  divide,
  exp,
  interval,
  log,
  multiply,
  negate,
  of,
  one,
  power,
  product,
  sqrt,
  square,
  squaredDistance,
  subtract,
  sum,
  type Value,
  zero,
} from "./Value.ts"
export { toText } from "./Text.ts"
export { computed, dot, norm, vector } from "./Vectors.ts"
export {
  atLeast,
  atMost,
  type Compared,
  confirm,
  Confirmation,
  describe,
  equal,
  first,
  mildest,
  near,
  type Tolerance,
  worst,
} from "./Confirmation.ts"
export { Certainty, counterexample, type Counterexample, lines } from "./Counterexample.ts"
