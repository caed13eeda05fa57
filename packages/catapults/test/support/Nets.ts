/** Small networks with everything that tests ask of them. */
import { type Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { normalStart, ntkArchitecture, ntkNetwork } from "../../src/index.ts"

export const normals = (length: number, label: string): Float64Array => {
  const out = new Float64Array(length)
  RandomStream.make(Seed.root("test").child(label)).fillNormal(out)
  return out
}

export const net = (options: {
  readonly widths: readonly [number, ...ReadonlyArray<number>]
  readonly samples: number
  readonly activation?: Kernels.Activation
  readonly bias?: boolean
}) => {
  const { activation = "relu", bias = false, samples, widths } = options
  const architecture = ntkArchitecture({ widths, activation, bias })
  const features = normals(samples * widths[0], "features")
  return {
    architecture,
    features,
    network: ntkNetwork({ architecture, features }),
    start: normalStart(architecture, Seed.root("start")),
  }
}
