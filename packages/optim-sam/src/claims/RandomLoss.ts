/** Random losses of the classes that theorems speak of, from small instances. */
import { Draw } from "@nonconvex/evidence"
import { RandomStream, Seed } from "@nonconvex/numerics"
import {
  cosine,
  leastSquares,
  logCosh,
  logistic,
  type Objective,
  polyakLojasiewicz,
} from "@nonconvex/problems"
import { basisOf, startOf } from "./RandomStronglyConvex.ts"

const normals = (seed: number, label: string, length: number): Float64Array => {
  const values = new Float64Array(length)
  RandomStream.make(Seed.root(seed).child(label)).fillNormal(values)
  return values
}
