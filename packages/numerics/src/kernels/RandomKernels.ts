/** Bulk draws from a RandomStream: the same numbers as one call per element, and the stream moves on as far. */
import type { RandomStream } from "../RandomStream.ts"
import { density, tailStart, threshold, width } from "../Ziggurat.ts"
import type { Engine } from "./Engine.ts"
import { tables } from "./Exports.ts"
import type { Floats } from "./Staging.ts"

export interface RandomKernels {
  /** `out[i] = stream.uniform()`, in order; float32 arrays get the same numbers, rounded (so 1 may occur). */
  readonly fillUniform: (stream: RandomStream, out: Floats) => void
  /** `out[i] = stream.normal()`, in order; float32 arrays get the same numbers, rounded. */
  readonly fillNormal: (stream: RandomStream, out: Floats) => void
  /** `out[i] = stream.sign()`, in order. */
  readonly fillRademacher: (stream: RandomStream, out: Floats) => void
}

/** Below this many elements the plain loop is faster than a call with its copies. */
const small = 64
/** Ordinary arrays and float32 are filled through a block of this many elements. */
const block = 16384

export const randomKernels = ({ exports: wasm, arena, staging }: Engine): RandomKernels => {
  if (wasm === undefined) {
    return {
      fillUniform: (stream, out) => stream.fillUniform(out),
      fillNormal: (stream, out) => stream.fillNormal(out),
      fillRademacher: (stream, out) => stream.fillRademacher(out),
    }
  }
  const memory = new Float64Array(arena.buffer)
  memory.set(width, tables / 8)
  memory.set(threshold, tables / 8 + 256)
  memory.set(density, tables / 8 + 512)

  /** Runs a fill in place, or block by block. */
  const fill = (
    stream: RandomStream,
    out: Floats,
    run: (state: number, n: number, to: number) => void,
  ) => {
    staging.scope(() => {
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
      stream.state.set(new Int32Array(arena.buffer, state, 4))
    })
  }
  return {
    fillUniform: (stream, out) =>
      out.length < small ? stream.fillUniform(out) : fill(stream, out, wasm.fillUniform),
    fillRademacher: (stream, out) =>
      out.length < small ? stream.fillRademacher(out) : fill(stream, out, wasm.fillRademacher),
    fillNormal: (stream, out) =>
      out.length < small
        ? stream.fillNormal(out)
        : fill(stream, out, (state, n, to) => wasm.fillNormal(state, tables, tailStart, n, to)),
  }
}
