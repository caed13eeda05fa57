/** Two-layer networks of other programs, in the form of those of `train`. */
import { ForeignNetwork, type Model } from "@nonconvex/interchange/node"
import { Effect } from "effect"
import * as Outside from "../../networks/outside/Outside.ts"
import * as Weights from "../../networks/outside/Weights.ts"
import type * as Prepared from "@nonconvex/datasets/Prepared"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"
import type { Input } from "./FlattenFlags.ts"
import * as Flattenable from "./Flattenable.ts"
import { reported } from "../../cli/Failure.ts"

/** Widths and activation of a fully connected network with biases and one activation; undefined for others. */
const fullyConnected = ({
  architecture,
  blocks,
}: Model): SavedNetwork["architecture"] | undefined => {
  const widths = [architecture.inputs]
  const activations = new Set<SavedNetwork["architecture"]["activation"]>()
  for (const [k, block] of blocks.entries()) {
    if (block._tag === "Dense" && k % 2 === 0 && block.bias !== false) widths.push(block.outputs)
    else if (block._tag === "Activation" && k % 2 === 1) activations.add(block.activation)
    else return undefined
  }
  const [activation] = activations
  return activations.size === 1 && blocks.length === 2 * widths.length - 3
    ? { widths, activation: activation! }
    : undefined
}

/** Network of another program to be flattened: its data, and the conversion back to its format. */
export interface Foreign {
  readonly found: Flattenable.Flattenable
  readonly prepared: Prepared.Prepared
  readonly model: Model
}

/**
 * Reads a network and its data. Fails with NotFlattenable unless it has one hidden layer with the cubic activation and one
 * output.
 */
export const read = Effect.fn("Foreign.read")(function* (input: Input, seed: number) {
  const { data, file: path, outside, rows, save } = input
  if (save !== undefined && !save.endsWith(".json")) yield* Weights.writerFor(save)
  const options = { ...outside, rows, labels: undefined }
  const foreign = yield* Outside.read(path, outside.architecture)
  const { model } = foreign
  const refuse = (reason: string) =>
    new Flattenable.NotFlattenable({
      path,
      reason,
      remedy:
        "from other programs, flatten takes networks with one hidden layer, biases, the cube, one output and the squared error",
    })
  const architecture = fullyConnected(model)
  if (architecture === undefined) {
    return yield* refuse("it does not consist of dense layers with biases and one activation")
  }
  const onData = yield* Outside.attach(foreign, { ...data, seed }, options)
  if (onData.fitted.isLogistic === true) return yield* refuse("its loss is the logistic loss")
  const whole = ForeignNetwork.asDataset(onData)
  const features = whole.train.featureNames
  const saved: SavedNetwork = {
    format: 1,
    data: whole.train.name,
    architecture,
    parameters: [...model.parameters],
    features,
    inputs: { shift: features.map(() => 0), scale: features.map(() => 1) },
    target: { _tag: "Regression", shift: 0, scale: 1 },
  }
  const reason = Flattenable.refusalOf(saved)
  if (reason !== undefined) return yield* refuse(reason)
  return { found: Flattenable.ofTrain(saved), prepared: whole, model } satisfies Foreign
}, reported)
