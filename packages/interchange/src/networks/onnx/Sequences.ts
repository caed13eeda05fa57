/**
 * ONNX graphs with attention, layer normalisation or embeddings, as exporters write them: a layer is many nodes that move and
 * multiply arrays.
 *
 * Each value of the graph is followed for a small number of samples. A value that no sample changes (a shape, an index, a mask) is
 * computed. For any other one, each element is known as an element of the output of a layer. Transpositions and splits therefore need no
 * pattern of names: the queries of a head are the elements that the product reads.
 */
import { quote } from "@nonconvex/datasets/Quote"
import { BadModel, UnknownOperator } from "../ModelError.ts"
import { countOf } from "./Arrays.ts"
import { erfGelus, tanhGelus } from "./Gelu.ts"
import { known as operatorNames, type operators } from "./Operators.ts"
import { read } from "./SequenceOperators.ts"
import type { Reading } from "./Site.ts"
import { imageOrder, isSame, plain } from "./Traced.ts"
import type { OnnxModel } from "./Wire.ts"

/** Tests whether a graph has layers of sequences, with `rank` axes of a sample. */
export const hasSequences = (
  { initializers, nodes, outputs }: OnnxModel,
  rank: number,
): boolean => {
  const stored = new Map(initializers.map((tensor) => [tensor.name, tensor]))
  return (
    rank === 2 ||
    nodes.some(({ inputs, operator, outputs: [output] }) => {
      if (operator === "LayerNormalization" || operator === "Sqrt") return true
      if (operator === "Softmax") return output !== outputs[0]?.name
      const table = operator === "Gather" ? stored.get(inputs[0] ?? "") : undefined
      return table?.shape.length === 2 && !stored.has(inputs[1] ?? "")
    })
  )
}

/** Number of readers of each value. */
const readersOf = ({ nodes, outputs }: OnnxModel): ReadonlyMap<string, number> => {
  const readers = new Map<string, number>()
  const names = [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]
  for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1)
  return readers
}

/** Reads the nodes of a model with sequences. */
export const sequences = (
  path: string,
  model: OnnxModel,
  {
    input,
    sizes,
    batch,
  }: { readonly input: string; readonly sizes: ReadonlyArray<number>; readonly batch: number },
  { rawOf, stepOf, tensor }: ReturnType<typeof operators>,
) => {
  const [a = 1, b = 1, c = 1] = sizes
  const shape =
    sizes.length === 3
      ? { channels: a, height: b, width: c }
      : sizes.length === 2
        ? { height: a, width: 1, channels: b }
        : { height: 1, width: 1, channels: a }
  const reading: Reading = {
    path,
    batch,
    input,
    sizes,
    nodes: [],
    values: new Map(),
    readers: readersOf(model),
    rawOf,
    stepOf,
    tensor,
  }
  const { nodes, values } = reading
  values.set(input, {
    _tag: "Signal",
    base: { name: input, shape },
    dims: [batch, ...sizes],
    index: sizes.length === 3 ? imageOrder(shape, batch) : plain(batch * countOf(sizes)),
    factor: 1,
  })

  const gelus = [...erfGelus(model), ...tanhGelus(model)]
  const folded = new Map(gelus.flatMap((gelu) => gelu.nodes.map((node) => [node, gelu] as const)))
  for (const [k, node] of model.nodes.entries()) {
    const place = `node ${k}${node.name === "" ? "" : ` (${quote(node.name)})`}`
    if (
      node.operator === "Constant" ||
      (node.operator === "Identity" && rawOf(node.outputs[0] ?? "") !== undefined)
    )
      continue
    if (node.domain !== "" && node.domain !== "ai.onnx") {
      throw new UnknownOperator({
        path,
        operator: `${node.domain}.${node.operator}`,
        place,
        known: operatorNames,
      })
    }
    const gelu = folded.get(node)
    // the nodes before the last one of a folded activation compute nothing else
    if (gelu === undefined || gelu.nodes.at(-1) === node) read({ ...reading, node, place }, gelu)
  }
  const end = values.get(model.outputs[0]!.name)
  if (end?._tag !== "Signal" || !isSame(end.index, plain(end.index.length))) {
    throw new BadModel({
      path,
      place: "output",
      reason: "it is no output of a layer",
      remedy: "use nonconvex certify --oracle",
    })
  }
  return {
    nodes,
    output: end.base.name,
    shape,
    layout: sizes.length === 3 ? ("channels first" as const) : ("channels last" as const),
  }
}
