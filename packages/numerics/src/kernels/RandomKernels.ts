/** Bulk draws from a RandomStream: the same numbers as one call per element, and the stream moves on as far. */
import { invalid } from "../InvalidInput.ts"
import type { RandomStream } from "../RandomStream.ts"
import { density, tailStart, threshold, width } from "../internal/Ziggurat.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import { tables } from "./Exports.ts"
import * as Ensemble from "./reference/Ensemble.ts"
import type { Floats } from "./Staging.ts"

export interface RandomKernels {
  /** `out[i] = stream.normal()`, in order; float32 arrays get the same numbers, rounded. */
  readonly fillNormal: (stream: RandomStream, out: Floats) => void
  /** `out[i] = stream.sign()`, in order. */
  readonly fillRademacher: (stream: RandomStream, out: Floats) => void
  /**
   * Tridiagonal matrices of order n one after the other, n and n - 1 numbers each, with eigenvalues distributed as those of
   * `RandomMatrix.gaussianOrthogonal` (beta = 1) or `gaussianUnitary` (beta = 2).
   */
  readonly fillTridiagonal: (
    stream: RandomStream,
    n: number,
    beta: number,
    diagonal: Float64Array,
    off: Float64Array,
  ) => void
}

/** Below this many elements the plain loop is faster than a call with its copies. */
const small = 64
/** Ordinary arrays and float32 are filled through a block of this many elements. */
const block = 16384

/** Number of matrices that `fillTridiagonal` draws. */
const matricesOf = (n: number, beta: number, diagonal: Float64Array, off: Float64Array): number => {
  const operation = "Kernels.fillTridiagonal"
  Check.dimensions(operation, n)
  if (!(beta > 0 && beta < Infinity)) {
    invalid(operation, "beta must be positive and finite", { beta })
  }
  const count = n === 0 ? 0 : Math.floor(diagonal.length / n)
  Check.length(operation, "diagonal", diagonal, count * n)
  Check.length(operation, "off", off, count * Math.max(0, n - 1))
  Check.apart(operation, "diagonal and off", diagonal, off)
  return count
}

export const randomKernels = ({ exports: wasm, arena, staging }: Engine): RandomKernels => {
  if (wasm === undefined) {
    return {
      fillNormal: (stream, out) => stream.fillNormal(out),
      fillRademacher: (stream, out) => stream.fillRademacher(out),
      fillTridiagonal: (stream, n, beta, diagonal, off) => {
        matricesOf(n, beta, diagonal, off)
        Ensemble.fillTridiagonal(stream, n, beta, diagonal, off)
      },
    }
  }
  const memory = new Float64Array(arena.buffer)
  memory.set(width, tables / 8)
  memory.set(threshold, tables / 8 + 256)
  memory.set(density, tables / 8 + 512)

  const words = new Int32Array(arena.buffer)
  /** The state of the stream after the draws that the kernel made. */
  const bringBack = ({ state }: RandomStream, from: number) => {
    for (let i = 0; i < state.length; i++) state[i] = words[from / 4 + i]!
  }
  const normals = (state: number, n: number, to: number) =>
    wasm.fillNormal(state, tables, tailStart, n, to)

  /** Runs a fill in place, or block by block. */
  const fill = (
    stream: RandomStream,
    out: Floats,
    run: (state: number, n: number, to: number) => void,
  ) => {
    try {
      const state = staging.input(stream.state)
      if (arena.holds(out) && out.BYTES_PER_ELEMENT === 8) {
        run(state, out.length, out.byteOffset)
      } else {
        const from = staging.temporary(8 * Math.min(block, out.length))
        for (let i = 0; i < out.length; i += block) {
          const n = Math.min(block, out.length - i)
          run(state, n, from)
          out.set(memory.subarray(from / 8, from / 8 + n), i)
        }
      }
      bringBack(stream, state)
    } finally {
      staging.end()
    }
  }
  return {
    fillRademacher: (stream, out) =>
      out.length < small ? stream.fillRademacher(out) : fill(stream, out, wasm.fillRademacher),
    fillNormal: (stream, out) =>
      out.length < small ? stream.fillNormal(out) : fill(stream, out, normals),
    fillTridiagonal: (stream, n, beta, diagonal, off) => {
      const count = matricesOf(n, beta, diagonal, off)
      try {
        const state = staging.input(stream.state)
        const [pd, pe] = [staging.output(diagonal, false), staging.output(off, false)]
        wasm.fillTridiagonal(state, tables, tailStart, count, n, beta, pd, pe)
        staging.back(diagonal, pd)
        staging.back(off, pe)
        bringBack(stream, state)
      } finally {
        staging.end()
      }
    },
  }
}
