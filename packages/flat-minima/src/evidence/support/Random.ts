import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"

/** A point uniform on the unit sphere, by the child of that label. */
export const onSphere = (seed: number, label: string, length: number): Float64Array =>
  RandomStream.make(Seed.root(seed).child(label)).onSphere(length)
