/** What the machine can do with 128-bit vectors, and no more: multiply-adds in registers, and reading. */

/**
 * Multiply-adds on twelve independent accumulators. The operands are arguments: V8 would make constants again at each use.
 */

export function peak64(rounds: i32, factor: f64, term: f64): f64 {
  const a = f64x2.splat(factor)
  const b = f64x2.splat(term)
  let c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b
  for (let i = 0; i < rounds; i++) {
    c0 = v128.relaxed_madd<f64>(c0, a, b)
    c1 = v128.relaxed_madd<f64>(c1, a, b)
    c2 = v128.relaxed_madd<f64>(c2, a, b)
    c3 = v128.relaxed_madd<f64>(c3, a, b)
    c4 = v128.relaxed_madd<f64>(c4, a, b)
    c5 = v128.relaxed_madd<f64>(c5, a, b)
    c6 = v128.relaxed_madd<f64>(c6, a, b)
    c7 = v128.relaxed_madd<f64>(c7, a, b)
    c8 = v128.relaxed_madd<f64>(c8, a, b)
    c9 = v128.relaxed_madd<f64>(c9, a, b)
    c10 = v128.relaxed_madd<f64>(c10, a, b)
    c11 = v128.relaxed_madd<f64>(c11, a, b)
  }
  let s = f64x2.add(f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3)), f64x2.add(f64x2.add(c4, c5), f64x2.add(c6, c7)))
  s = f64x2.add(s, f64x2.add(f64x2.add(c8, c9), f64x2.add(c10, c11)))
  return f64x2.extract_lane(s, 0)
}

export function peak32(rounds: i32, factor: f32, term: f32): f32 {
  const a = f32x4.splat(factor)
  const b = f32x4.splat(term)
  let c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b
  for (let i = 0; i < rounds; i++) {
    c0 = v128.relaxed_madd<f32>(c0, a, b)
    c1 = v128.relaxed_madd<f32>(c1, a, b)
    c2 = v128.relaxed_madd<f32>(c2, a, b)
    c3 = v128.relaxed_madd<f32>(c3, a, b)
    c4 = v128.relaxed_madd<f32>(c4, a, b)
    c5 = v128.relaxed_madd<f32>(c5, a, b)
    c6 = v128.relaxed_madd<f32>(c6, a, b)
    c7 = v128.relaxed_madd<f32>(c7, a, b)
    c8 = v128.relaxed_madd<f32>(c8, a, b)
    c9 = v128.relaxed_madd<f32>(c9, a, b)
    c10 = v128.relaxed_madd<f32>(c10, a, b)
    c11 = v128.relaxed_madd<f32>(c11, a, b)
  }
  let s = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)))
  s = f32x4.add(s, f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11)))
  return f32x4.extract_lane(s, 0)
}

/** Bytes in front of those that are read. */
const front: usize = 4096

/** Writes what `read` reads: pages that nobody wrote are all one page of zeros. */
export function write(bytes: i32): void {
  memory.fill(front, 1, <usize>bytes)
}

/** The sum of all doubles in `bytes` bytes, a multiple of 128: one load and one addition a vector, in the order of the addresses. */
export function read(bytes: i32): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0
  const end = front + <usize>bytes
  for (let at = front; at < end; at += 128) {
    s0 = f64x2.add(s0, v128.load(at))
    s1 = f64x2.add(s1, v128.load(at, 16))
    s2 = f64x2.add(s2, v128.load(at, 32))
    s3 = f64x2.add(s3, v128.load(at, 48))
    s4 = f64x2.add(s4, v128.load(at, 64))
    s5 = f64x2.add(s5, v128.load(at, 80))
    s6 = f64x2.add(s6, v128.load(at, 96))
    s7 = f64x2.add(s7, v128.load(at, 112))
  }
  const s = f64x2.add(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)), f64x2.add(f64x2.add(s4, s5), f64x2.add(s6, s7)))
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1)
}
