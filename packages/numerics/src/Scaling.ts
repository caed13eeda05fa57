/** Scaling by powers of two, which is exact away from underflow. */
import * as Elementary from "./Elementary.ts"

/** Power of two within a factor 2 below x > 0, at least 2^-1021 and at most 2^1022; 1 for x = 0. */
export const powerOfTwoNear = (x: number): number =>
  x === 0
    ? 1
    : Elementary.powerOfTwo(Math.max(-1021, Math.min(1022, Math.floor(Elementary.log2(x)))))
