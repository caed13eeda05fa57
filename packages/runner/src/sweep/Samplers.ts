/** Samplers of a sweep; a separate module, so that the help of a command loads no more. */
export const samplers = ["grid", "random", "halton", "halving"] as const
