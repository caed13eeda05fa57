/**
 * Words shared by every kernel. A kernel written over `T` exists for f64 (two lanes) and f32 (four lanes).
 *
 * The relaxed build turns each multiply-add of a reduction into one fused instruction where the engine has one; everything else
 * is the same in both builds. A scalar remainder is never fused (WebAssembly has no scalar form).
 */

/** a b + c. */
@inline
export function madd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c)
  // The sum first: V8 then emits the steps of an unrolled loop in the order of the program.
  return v128.add<T>(c, v128.mul<T>(a, b))
}

/** Elements in a vector. */
@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>()
}

/** The bytes of `count` elements. */
@inline
export function bytes<T>(count: i32): usize {
  return (<usize>count) * sizeof<T>()
}

@inline
export function zero(): v128 {
  return i64x2.splat(0)
}

/** Two numbers of f64. */
@inline
export function at(address: usize): v128 {
  return v128.load(address)
}

/** a b + c, rounded twice whatever the build. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(c, f64x2.mul(a, b))
}
