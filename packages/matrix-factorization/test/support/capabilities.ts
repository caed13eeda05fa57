/** Capabilities that the claims and rows of the tests require. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Layer } from "effect"

export const data = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

export const capabilities = Layer.merge(Kernels.layerStrict, data)
