/** Samplers of a sweep; a module of its own, for the help of a command needs no more. */
export const samplers = ["grid", "random", "halton", "halving"] as const
