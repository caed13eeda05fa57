/**
 * Elementary functions from IEEE + - * /, square roots and bit operations only, so that their bits are the same on every
 * engine.
 *
 * ECMAScript leaves the functions of Math and `**` to the engine, and even two releases of one engine differ. These are
 * ports of fdlibm (Copyright 1993 by Sun Microsystems, Inc.; permission to use, copy, modify, and distribute this software
 * is freely granted, provided that this notice is preserved). The stated errors were checked against answers to 60 digits in
 * the tests.
 */
export { cosh, exp, expm1, sinh, tanh } from "./internal/elementary/Exponential.ts"
export { asinh, atanh, log, log10, log1p, log2, softplus } from "./internal/elementary/Logarithm.ts"
export { cbrt, hypot, pow, powerOfTwo, square } from "./internal/elementary/Power.ts"
export { asin, cos, sin } from "./internal/elementary/Trigonometry.ts"
