import { Draw } from "@nonconvex/evidence"

type Range = readonly [from: number, to: number]

/** Number from one of several ranges, uniform within each; shrinks to the first end of the first range that fails. */
export const within = (...ranges: readonly [Range, ...Range[]]) =>
  Draw.oneOf(...ranges).chain(([from, to]) => Draw.linear(from, to))
