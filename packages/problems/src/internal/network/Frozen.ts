import type { FrozenNormalisation } from "./Placement.ts"
import { slice, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

/**
 * Stage `y = scale n + shift` with `n = factor z + offset` per channel, where factor and offset are fixed: a batch
 * normalisation with fixed statistics. If there are no scales or shifts, they are 1 and 0.
 */
export const frozenNormalisation = (
  { factors, offsets, scales, shifts }: FrozenNormalisation,
  parameters: Signal,
  input: Signal,
  output: Signal,
  /** Numbers of a sample. */
  width: number,
): Stage => {
  const channels = factors.length
  const count = input.value.length
  const of = (begin: number | undefined) =>
    begin === undefined ? undefined : slice(parameters, begin, begin + channels)
  const [scale, shift] = [of(scales), of(shifts)]
  const normal = (i: number, c: number): number => factors[c]! * input.value[i]! + offsets[c]!

  /** Adds the contributions of the pixels from `begin` to `end` to the gradients of scales and shifts. */
  const addGradient = (
    begin: number,
    end: number,
    toScales: Float64Array | undefined,
    toShifts: Float64Array | undefined,
  ): void => {
    for (let at = begin; at < end; at += channels) {
      for (let c = 0; c < channels; c++) {
        const adjoint = output.adjoint[at + c]!
        if (toScales !== undefined) toScales[c]! += adjoint * normal(at + c, c)
        if (toShifts !== undefined) toShifts[c]! += adjoint
      }
    }
  }
  const begin = scales ?? shifts
  const sums = [scales, shifts].map((from) =>
    from === undefined ? undefined : new Float64Array(channels),
  )
  const squaredNorms = (): number => {
    let squares = 0
    for (let at = 0; at < count; at += width) {
      for (const sum of sums) sum?.fill(0)
      addGradient(at, at + width, sums[0], sums[1])
      for (const sum of sums) for (const value of sum ?? []) squares += value * value
    }
    return squares
  }
  const gradients = (out: Float64Array, stride: number): void => {
    for (let at = 0, start = 0; at < count; at += width, start += stride) {
      const views = [scales, shifts].map((from) =>
        from === undefined
          ? undefined
          : out.subarray(start + from, start + from + channels).fill(0),
      )
      addGradient(at, at + width, views[0], views[1])
    }
  }
  return {
    forward: () => {
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          const n = normal(at + c, c)
          output.value[at + c] = (scale?.value[c] ?? 1) * n + (shift?.value[c] ?? 0)
        }
      }
    },
    forwardTangent: () => {
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          const i = at + c
          output.tangent[i] =
            (scale?.value[c] ?? 1) * factors[c]! * input.tangent[i]! +
            (scale?.tangent[c] ?? 0) * normal(i, c) +
            (shift?.tangent[c] ?? 0)
        }
      }
    },
    backward: () => {
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          input.adjoint[at + c] = (scale?.value[c] ?? 1) * factors[c]! * output.adjoint[at + c]!
        }
      }
    },
    backwardTangent: () => {
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          const i = at + c
          const [adjoint, moved] = [output.adjoint[i]!, output.adjointTangent[i]!]
          input.adjointTangent[i] =
            factors[c]! * ((scale?.tangent[c] ?? 0) * adjoint + (scale?.value[c] ?? 1) * moved)
          if (scale !== undefined) {
            scale.adjointTangent[c]! +=
              moved * normal(i, c) + adjoint * factors[c]! * input.tangent[i]!
          }
          if (shift !== undefined) shift.adjointTangent[c]! += moved
        }
      }
    },
    accumulate: () => addGradient(0, count, scale?.adjoint, shift?.adjoint),
    ...(begin !== undefined && { perSample: { begin, squaredNorms, gradients } }),
  }
}
