/** Values between the steps of a foreign network. */
import type * as Architecture from "@nonconvex/problems/network/Architecture"

/** Value between two steps. */
export interface Flow {
  readonly shape: Architecture.Shape
  /** Channels-first image from which a vector was flattened. Ours has channels last, so its numbers have another order. */
  readonly was?: Architecture.Shape
}

export const sizeOf = ({ channels, height, width }: Architecture.Shape): number =>
  channels * height * width

export const isVector = ({ height, width }: Architecture.Shape): boolean => height * width === 1

const isSameShape = (
  a: Architecture.Shape | undefined,
  b: Architecture.Shape | undefined,
): boolean => a?.channels === b?.channels && a?.height === b?.height && a?.width === b?.width

/** Tests whether two values can be added number by number. */
export const isSame = (a: Flow, b: Flow): boolean =>
  isSameShape(a.shape, b.shape) && isSameShape(a.was, b.was)

/** Index in our order of number k of the vector flattened from a channels-first image. */
export const reordered =
  ({ channels, height, width }: Architecture.Shape) =>
  (k: number): number =>
    (k % (height * width)) * channels + Math.floor(k / (height * width))
