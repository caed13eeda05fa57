/** Configuration of a Keras model, from Keras 2 or 3 or TensorFlow.js: its layers and connections. */
import { quote } from "@nonconvex/datasets/Quote"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { assemble } from "../Assemble.ts"
import { type GraphNode, stepsOf } from "../Graph.ts"
import type { Model } from "../Model.ts"
import { BadModel, UnknownOperator } from "../ModelError.ts"
import { type Fields, isFields, type Layer, reader, type Weights } from "./Layers.ts"

/** Maximum number of layers, and deepest nesting of a list of inputs. */
const most = { layers: 10_000, depth: 16 }

/**
 * Names of the layers in a list of inputs, in order. In Keras 3 the list contains a history; in Keras 2 it begins with a name.
 */
const namesIn = (value: unknown, depth = 0): ReadonlyArray<string> => {
  if (depth > most.depth) return []
  if (Array.isArray(value)) {
    const [name, node] = value as ReadonlyArray<unknown>
    if (typeof name === "string" && typeof node === "number") return [name]
    return value.flatMap((each: unknown) => namesIn(each, depth + 1))
  }
  if (!isFields(value)) return []
  const history = value["keras_history"]
  if (Array.isArray(history) && typeof history[0] === "string") return [history[0]]
  return Object.values(value).flatMap((each) => namesIn(each, depth + 1))
}

const layersOf = (path: string, config: Fields): ReadonlyArray<Layer> => {
  const listed = config["layers"]
  if (!Array.isArray(listed) || listed.length > most.layers) {
    throw new BadModel({
      path,
      reason: `its configuration lacks a list of at most ${most.layers} layers`,
      remedy: "save the model again",
    })
  }
  return listed.map((layer: unknown, k): Layer => {
    const {
      class_name: className,
      config: own,
      inbound_nodes: inbound,
      name,
    } = isFields(layer) ? layer : {}
    const fields = isFields(own) ? own : {}
    const called = typeof name === "string" ? name : fields["name"]
    if (typeof className !== "string" || typeof called !== "string") {
      throw new BadModel({
        path,
        place: `layer ${k}`,
        reason: "it has neither class nor name",
        remedy: "save the model again",
      })
    }
    return { name: called, className, config: fields, inbound }
  })
}

/** Declared shape of a sample, without the batch dimension. */
const inputOf = (
  path: string,
  config: Fields,
  layers: ReadonlyArray<Layer>,
): Architecture.Shape => {
  const said = [
    ...layers.flatMap(({ config: { batch_input_shape, batch_shape } }) => [
      batch_shape,
      batch_input_shape,
    ]),
    config["build_input_shape"],
  ].find(Array.isArray) as ReadonlyArray<unknown> | undefined
  const sizes = (said ?? []).slice(1)
  const isKnown = sizes.every((size) => Number.isSafeInteger(size) && (size as number) > 0)
  if ((sizes.length !== 1 && sizes.length !== 3) || !isKnown) {
    throw new BadModel({
      path,
      reason: `its input has the shape ${said === undefined ? "?" : quote(JSON.stringify(said))}`,
      remedy:
        "supported are samples x features and samples x height x width x channels, with only the number of samples open",
    })
  }
  const [a, b = 1, c = 1] = sizes as ReadonlyArray<number>
  return sizes.length === 1
    ? { height: 1, width: 1, channels: a! }
    : { height: a!, width: b, channels: c }
}

/** The single name in `input_layers` or `output_layers`. */
const endOf = (path: string, config: Fields, key: "input_layers" | "output_layers"): string => {
  const names = namesIn(config[key])
  if (names.length === 1) return names[0]!
  throw new BadModel({
    path,
    reason: `it has ${names.length} ${key.replace("_layers", "s")}`,
    remedy: "a network must have one input and one output",
  })
}

/**
 * Network of a configuration, with its weights by layer. Throws UnknownOperator, MissingTensor, WrongShape and BadModel on
 * unsupported or inconsistent layers.
 */
export const model = (
  path: string,
  topology: unknown,
  weightsOf: (layers: ReadonlyArray<Layer>) => Weights,
): Model => {
  if (!isFields(topology) || !isFields(topology["config"])) {
    throw new BadModel({
      path,
      reason: "it has no configuration",
      remedy: 'save the whole model: model.save("net.keras")',
    })
  }
  const { class_name: className, config } = topology
  const layers = layersOf(path, config)
  const { refuse, stepsOfLayer, placeOf } = reader(path, weightsOf(layers))
  const input = inputOf(path, config, layers)
  const notes = layers.some(({ className: of }) => /Dropout|Noise/.test(of))
    ? ["dropout and noise are ignored, as in prediction"]
    : []
  const layout = "channels last"
  if (className === "Sequential") {
    const steps = layers.flatMap((layer) => {
      const made = stepsOfLayer(layer)
      return made === "add"
        ? refuse(placeOf(layer), "a sum in a chain of layers", "save the model again")
        : made
    })
    return assemble(path, { input, layout, steps, notes })
  }
  if (className !== "Functional" && className !== "Model") {
    throw new UnknownOperator({
      path,
      operator: typeof className === "string" ? className : "model",
      place: "model",
      known: ["Sequential", "Functional"],
    })
  }
  const nodes: Array<GraphNode> = []
  const start = endOf(path, config, "input_layers")
  for (const layer of layers) {
    if (layer.name === start) continue
    const place = placeOf(layer)
    const { inbound, name } = layer
    if (Array.isArray(inbound) && inbound.length > 1) {
      return refuse(
        place,
        `it is used ${inbound.length} times`,
        "shared layers are not supported: their weights are tied",
      )
    }
    const reads = namesIn(inbound)
    const made = stepsOfLayer(layer)
    if (made === "add") {
      nodes.push({ name, place, reads, writes: name, does: "add" })
      continue
    }
    // a layer and its activation are two steps
    const [first = "nothing" as const, ...rest] = made
    const between = (k: number): string => (k === rest.length ? name : `${name}\n${k}`)
    nodes.push({ name, place, reads, writes: between(0), does: first })
    rest.forEach((does, k) => {
      nodes.push({ name, place, reads: [between(k)], writes: between(k + 1), does })
    })
  }
  const steps = stepsOf(path, nodes, { input: start, output: endOf(path, config, "output_layers") })
  return assemble(path, { input, layout, steps, notes })
}
