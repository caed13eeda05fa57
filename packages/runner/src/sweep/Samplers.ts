/** How a sweep chooses its configurations; by itself, for the help of a command needs no more. */
export const samplers = ["grid", "random", "halton", "halving"] as const
