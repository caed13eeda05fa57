import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"

/** A uniform point on the unit sphere, from the child seed with this label. */
export const onSphere = (seed: number, label: string, length: number): Float64Array =>
  RandomStream.make(Seed.root(seed).child(label)).onSphere(length)
