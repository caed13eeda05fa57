/** Steps of a foreign network assembled into a model, with parameters in the order and layout of `problems`. */
import * as Architecture from "@nonconvex/problems/network/Architecture"
import { assembler, type Fill } from "./Blocks.ts"
import { isVector, sizeOf } from "./Flow.ts"
import type { Model, Placed } from "./Model.ts"
import { BadModel } from "./ModelError.ts"
import type { Layout, Step } from "./Step.ts"
import { most } from "./Tensor.ts"

/** Maximum size of one sample anywhere in a network, with windows written out. */
const widest = 2 ** 23

/** Parameter indices of the elements of a tensor, checked to be those of its layer. */
const placesOf = ({ tensor, to }: Fill, begin: number): Int32Array =>
  Int32Array.from(tensor.values, (_, k) => begin + to(k))

/**
 * The model of these steps on samples of the given shape. Throws BadModel if steps do not fit together, share a tensor, end in
 * an image of another order, or are too large. Throws WrongShape if a tensor does not fit.
 */
export const assemble = (
  path: string,
  {
    input,
    layout,
    notes: said = [],
    steps,
  }: {
    readonly input: Architecture.Shape
    readonly layout: Layout
    readonly steps: ReadonlyArray<Step>
    readonly notes?: ReadonlyArray<string>
  },
): Model => {
  const refuse = (reason: string, remedy: string): never => {
    throw new BadModel({ path, reason, remedy })
  }
  const early = steps.findIndex(({ _tag }, k) => _tag === "Softmax" && k < steps.length - 1)
  if (early >= 0) {
    refuse(
      `${steps[early]!.name} is not the last layer`,
      "softmax is supported as the last layer only",
    )
  }
  const tooWide = (numbers: number): never =>
    refuse(
      `a layer has ${numbers} numbers per sample; the limit is ${widest}`,
      "certify a smaller network, or use nonconvex certify --oracle",
    )
  if (sizeOf(input) > widest) tooWide(sizeOf(input))
  const { chain, fixed, notes, parts } = assembler(path, layout)
  const { blocks, flow } = chain(steps, { shape: input })
  if (parts.length === 0) refuse("it has no parameters", "give the network with its weights")
  if (!isVector(flow.shape) || flow.was !== undefined) {
    refuse(
      `it ends in an image of ${(flow.was ?? flow.shape).height} x ${(flow.was ?? flow.shape).width} pixels`,
      "a network must end in a dense layer, or in a pool over the whole image",
    )
  }
  const architecture = Architecture.layered({ input, blocks })
  const width = Architecture.widest(architecture)
  if (width > widest) tooWide(width)
  if (architecture.dimension > most.elements) {
    refuse(
      `it has ${architecture.dimension} parameters; the limit is ${most.elements}`,
      "certify a smaller network",
    )
  }
  const parameters = new Float64Array(architecture.dimension)
  const tensors: Array<Placed> = []
  for (const [k, { fills }] of parts.entries()) {
    for (const fill of fills) {
      const places = placesOf(fill, architecture.parts[k]!.begin)
      const { name, shape, values } = fill.tensor
      for (const [i, place] of places.entries()) parameters[place] = values[i]!
      tensors.push({ name, shape, places })
    }
  }
  return {
    layout,
    input,
    blocks,
    architecture,
    parameters,
    layers: parts.map(({ name }) => name),
    tensors,
    fixed,
    notes: [...said, ...notes],
  }
}
