import * as Schema from "effect/Schema"

/** The kernels that a program can ask for by name. */
export const KernelsName = Schema.Literals(["strict", "relaxed", "compiled", "reference"])
export type KernelsName = typeof KernelsName.Type

/** A Layer that a module exports, which any thread can import. `module` is a URL, as `import.meta.url` gives it. */
const Exported = Schema.Struct({ module: Schema.String, export: Schema.String })
type Exported = typeof Exported.Type

/** Capabilities with the same names in every installation: values of results and of flags of the lab. */
export const Named = Schema.Struct({
  kernels: KernelsName,
  /** A folder of data sets of the user's own, before those that ship; default only those that ship. */
  data: Schema.optionalKey(Schema.String),
})
export type Named = typeof Named.Type

/**
 * Capabilities of a program, as data from which another thread builds the same layers: names, or layers of the program's own.
 *
 * They come from a program and never from a file or a database, for a module that is named is a module that runs.
 */
export const Capabilities = Schema.Struct({
  kernels: Schema.Union([KernelsName, Exported]),
  data: Schema.optionalKey(Schema.Union([Schema.String, Exported])),
})
export type Capabilities = typeof Capabilities.Type

/** Strict kernels, and the bundled data. */
export const standard: Named = { kernels: "strict" }
