import * as Schema from "effect/Schema"

/** Kernels that a program can request by name. */
export const KernelsName = Schema.Literals(["strict", "relaxed", "compiled", "reference"])
export type KernelsName = typeof KernelsName.Type

/** Layer exported by a module, which any thread can import. `module` is a URL, as from `import.meta.url`. */
const Exported = Schema.Struct({ module: Schema.String, export: Schema.String })
type Exported = typeof Exported.Type

/** Capabilities with the same names in every installation: values of results and of flags of the lab. */
export const Named = Schema.Struct({
  kernels: KernelsName,
  /** Folder of the user's own data sets, searched before the bundled ones; default only the bundled ones. */
  data: Schema.optionalKey(Schema.String),
})
export type Named = typeof Named.Type

/**
 * Capabilities of a program as data, from which another thread builds the same layers: names, or layers of the program's own
 * modules.
 *
 * They must come from a program and never from a file or database, because a named module is executed.
 */
export const Capabilities = Schema.Struct({
  kernels: Schema.Union([KernelsName, Exported]),
  data: Schema.optionalKey(Schema.Union([Schema.String, Exported])),
})
export type Capabilities = typeof Capabilities.Type
