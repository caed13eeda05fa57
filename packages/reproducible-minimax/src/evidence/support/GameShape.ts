import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"

export const streamOf = (seed: number) => RandomStream.make(Seed.root(seed).child("payoffs"))
