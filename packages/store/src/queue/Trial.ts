import { RunKey } from "@nonconvex/runner/RunKey"
import { Schema } from "effect"

/** Run of an experiment as data, which any worker can compute. */
export const Trial = Schema.Struct({
  /** The id of the system that has the experiment. */
  system: Schema.String,
  /** Its kind is "experiment". */
  key: RunKey,
  /** Number of its cases. */
  parts: Schema.Int,
})

export type Trial = typeof Trial.Type

/** Version that a worker needs to compute the bits of a trial. */
export type Version = Pick<RunKey, "kernels" | "data" | "code"> & { readonly system: string }

/** Version that a worker needs for a trial. */
export const versionOf = ({ key: { code, data, kernels }, system }: Trial): Version => ({
  system,
  kernels,
  code,
  ...(data === undefined ? {} : { data }),
})
