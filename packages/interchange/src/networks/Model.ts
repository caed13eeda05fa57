/** A network from another program, as a layered network of `problems`, with the map back to its tensors. */
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type * as Block from "@nonconvex/problems/network/Block"
import type { Description } from "./Description.ts"
import type { Layout } from "./Step.ts"
import type { Tensor } from "./Tensor.ts"

/** Position of a tensor's numbers among the parameters. */
export interface Placed {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  /** Parameter index of each element. */
  readonly places: Int32Array
}

/** Layers, parameters and names, without the training data. */
export interface Model {
  readonly layout: Layout
  /** Shape of a sample; a vector is one pixel of many channels. */
  readonly input: Architecture.Shape
  readonly blocks: ReadonlyArray<Block.Block>
  readonly architecture: Architecture.Architecture
  readonly parameters: Float64Array
  /** The program's names for the layers of `architecture.parts`. */
  readonly layers: ReadonlyArray<string>
  readonly tensors: ReadonlyArray<Placed>
  /** Tensors that are not parameters: the fixed statistics of batch normalisations. */
  readonly fixed: ReadonlyArray<Tensor>
  /** Description of its layers, if it was read with one. */
  readonly description?: Description
  /** Training loss, if the description names it. */
  readonly loss?: "squared" | "cross entropy" | "logistic"
  /** Names of the classes, one for each output, if the description has them. */
  readonly classes?: ReadonlyArray<string>
  /** Notes on deviations from the file, for the user. */
  readonly notes: ReadonlyArray<string>
}

/** Parameter tensors of the model at other parameters, with its names and layout. */
export const tensorsAt = ({ tensors }: Model, parameters: Float64Array): ReadonlyArray<Tensor> =>
  tensors.map(({ name, places, shape }) => ({
    name,
    shape,
    values: Float64Array.from(places, (place) => parameters[place]!),
  }))

/** Model with other numbers in its fixed tensors: those of all, one after another. */
export const withFixed = (model: Model, numbers: Float64Array): Model => {
  let begin = 0
  return {
    ...model,
    fixed: model.fixed.map((tensor) => ({
      ...tensor,
      values: numbers.slice(begin, (begin += tensor.values.length)),
    })),
  }
}
