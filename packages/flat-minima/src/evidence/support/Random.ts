/** Random vectors of a seed. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"

/** `length` standard normal numbers, the next ones of the stream. */
export const normals = (stream: RandomStream.RandomStream, length: number): Float64Array => {
  const out = new Float64Array(length)
  stream.fillNormal(out)
  return out
}

/** A point uniform on the unit sphere, by the child of that label. */
export const onSphere = (seed: number, label: string, length: number): Float64Array => {
  const out = new Float64Array(length)
  RandomStream.make(Seed.root(seed).child(label)).fillSphere(out)
  return out
}
