/** Instances of descent on batches. */
import { Draw } from "@nonconvex/evidence"
import type { Sampling } from "../../factorisation/LabelNoiseDescent.ts"
import type { Instance } from "./Instances.ts"

/** An instance with its sampling, for a draw with further fields. */
export const sampledFields = (instance: Instance) => ({
  widths: Draw.oneOf(instance.widths),
  count: Draw.oneOf(instance.count),
  scale: Draw.oneOf(instance.scale),
  seed: Draw.oneOf(instance.seed),
  sampling: Draw.oneOf("full", "replacement", "epoch"),
  /** Measurements a step, where not all are taken. */
  batch: Draw.integer(1, instance.count),
})

/** The options of `labelNoiseDescent` that an instance settles. */
export const samplingOf = ({
  batch,
  sampling,
}: {
  readonly sampling: Sampling
  readonly batch: number
}) => ({
  sampling,
  ...(sampling !== "full" && { batch }),
})
