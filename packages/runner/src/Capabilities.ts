import { Schema } from "effect"

/** The kernels that a program can ask for by name. */
export const KernelsName = Schema.Literals(["strict", "relaxed", "compiled", "reference"])
export type KernelsName = typeof KernelsName.Type

/** What a program computes with, as data: another thread or machine builds the same layers from it. */
export const Capabilities = Schema.Struct({
  kernels: KernelsName,
  /** A folder of data sets of the user's own, before those that ship; default only those that ship. */
  data: Schema.optionalKey(Schema.String),
})
export type Capabilities = typeof Capabilities.Type

/** Strict kernels, and the data that ship. */
export const standard: Capabilities = { kernels: "strict" }
