/** A network that another program made, as the layered networks of `problems` have it, with the way back to its tensors. */
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type * as Block from "@nonconvex/problems/network/Block"
import type { Layout } from "./Step.ts"
import type { Tensor } from "./Tensor.ts"

/** Position of a tensor's numbers among the parameters. */
export interface Placed {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  /** The parameter that each element is. */
  readonly places: Int32Array
}

/** Layers, parameters and names; without the data that it was trained on. */
export interface Model {
  readonly layout: Layout
  /** Shape of a sample; a vector is one pixel of many channels. */
  readonly input: Architecture.Shape
  readonly blocks: ReadonlyArray<Block.Block>
  readonly architecture: Architecture.Architecture
  readonly parameters: Float64Array
  /** Names that the program gives the layers of `architecture.parts`. */
  readonly layers: ReadonlyArray<string>
  readonly tensors: ReadonlyArray<Placed>
  /** Tensors that are no parameters: the statistics of batch normalisations, which no longer move. */
  readonly fixed: ReadonlyArray<Tensor>
  /** Training loss, where the description names it. */
  readonly loss?: "squared" | "cross entropy" | "logistic"
  /** Notes on deviations from the file, for a person. */
  readonly notes: ReadonlyArray<string>
}

/** The tensors of the model that are parameters, at other parameters, under its names and in its layout. */
export const tensorsAt = ({ tensors }: Model, parameters: Float64Array): ReadonlyArray<Tensor> =>
  tensors.map(({ name, places, shape }) => ({
    name,
    shape,
    values: Float64Array.from(places, (place) => parameters[place]!),
  }))
