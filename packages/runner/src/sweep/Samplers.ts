/** Samplers of a sweep; a separate module, so that the help of a command loads no more. */
export const samplers = ["grid", "random", "halton", "halving", "tpe"] as const

/** Samplers whose later trials depend on the results of earlier ones. */
export const adaptive: ReadonlySet<(typeof samplers)[number]> = new Set(["halving", "tpe"] as const)
