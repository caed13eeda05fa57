/** Frozen gates: the slopes of every hidden layer at one point, for all samples. */
import type { Floats } from "./Model.ts"
import type { NtkLayer } from "./NtkArchitecture.ts"

export interface Gates<A extends Floats> {
  /** Writes the slopes of hidden layer l for the samples `indices` (default all), and multiplies `value` by them. */
  readonly pass: (l: number, value: A, slope: A, indices?: Uint32Array) => void
}

/** Holds copies of `slopes`, one array per hidden layer with a row for each of `size` samples. */
export const gatesOf = <A extends Floats>(
  layers: ReadonlyArray<NtkLayer>,
  slopes: ReadonlyArray<A>,
  size: number,
): Gates<A> => {
  const held = slopes.map((slope) => slope.slice())
  return {
    pass: (l, value, slope, indices) => {
      const width = layers[l]!.outputs
      const from = held[l]!
      for (let k = 0; k < (indices?.length ?? size); k++) {
        const row = (indices?.[k] ?? k) * width
        for (let i = 0, at = k * width; i < width; i++, at++) {
          slope[at] = from[row + i]!
          value[at]! *= slope[at]!
        }
      }
    },
  }
}
