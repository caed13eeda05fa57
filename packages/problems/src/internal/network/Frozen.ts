import { scaling } from "./PerSample.ts"
import type { FrozenNormalisation } from "./Nodes.ts"
import type { Signal } from "./Signal.ts"
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
  const normal = (i: number, c: number): number => factors[c]! * input.value[i]! + offsets[c]!
  const { gradient, scale, shift } = scaling(
    { channels, scales, shifts },
    parameters,
    output,
    width,
    normal,
  )
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
    ...gradient,
  }
}
