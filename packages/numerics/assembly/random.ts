/** Bulk fills with the draws of `RandomStream.ts` (xoshiro128++ and a 256-layer ziggurat); see its docblock for the contract. */
import { bytes } from "./simd"
import { exp, log } from "./elementary"

let s0: u32 = 0
let s1: u32 = 0
let s2: u32 = 0
let s3: u32 = 0

@inline
export function word(): u32 {
  const result = rotl<u32>(s0 + s3, 7) + s0
  const t = s1 << 9
  s2 ^= s0
  s3 ^= s1
  s1 ^= s2
  s0 ^= s3
  s2 ^= t
  s3 = rotl<u32>(s3, 11)
  return result
}

@inline
export function read(state: usize): void {
  s0 = load<u32>(state)
  s1 = load<u32>(state, 4)
  s2 = load<u32>(state, 8)
  s3 = load<u32>(state, 12)
}

@inline
export function write(state: usize): void {
  store<u32>(state, s0)
  store<u32>(state, s1, 4)
  store<u32>(state, s2, 8)
  store<u32>(state, s3, 12)
}

@inline
function uniform(): f64 {
  const a = <u64>(word() >> 5)
  return <f64>(<i64>((a << 26) + <u64>(word() >> 6))) * 1.1102230246251565e-16
}

@inline
export function uniformOpen(): f64 {
  const a = <u64>(word() >> 6)
  return (<f64>(<i64>((a << 26) + <u64>(word() >> 6))) + 0.5) * 2.220446049250313e-16
}

export function fillRademacher(state: usize, n: i32, out: usize): void {
  read(state)
  for (let i = 0; i < n; i++) store<f64>(out + bytes<f64>(i), <i32>word() < 0 ? -1 : 1)
  write(state)
}

/** A standard normal. Tables: width[256], threshold[256], density[257]. */
@inline
export function normal(tables: usize, tailStart: f64): f64 {
  while (true) {
    const a = word()
    const at = tables + (<usize>(a & 255) << 3)
    const m = <f64>(<i64>((<u64>(a >> 12) << 32) | <u64>word()))
    let x = m * load<f64>(at)
    if (!(m < load<f64>(at, 2048))) {
      x = beyond(a, x, at, tailStart)
      if (x < 0) continue
    }
    // Bit 8 of the word is the sign.
    return reinterpret<f64>(reinterpret<u64>(x) | ((<u64>(a & 256)) << 55))
  }
}

export function fillNormal(state: usize, tables: usize, tailStart: f64, n: i32, out: usize): void {
  read(state)
  const end = out + bytes<f64>(n)
  for (; out < end; out += 8) store<f64>(out, normal(tables, tailStart))
  write(state)
}

/** The magnitude where the first test does not settle it; -1 to start again. */
function beyond(a: u32, x: f64, at: usize, tailStart: f64): f64 {
  if ((a & 255) == 0) {
    while (true) {
      const e = -log(uniformOpen()) / tailStart
      const g = -log(uniformOpen())
      if (2 * g > e * e) return tailStart + e
    }
  }
  const low = load<f64>(at, 4096)
  return low + uniform() * (load<f64>(at, 4104) - low) < exp(-0.5 * x * x) ? x : -1
}
