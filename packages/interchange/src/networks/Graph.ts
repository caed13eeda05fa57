/** A graph of layers as a chain of steps with residual blocks. */
import { quote } from "@nonconvex/datasets/Quote"
import { BadModel } from "./ModelError.ts"
import type { Step } from "./Step.ts"

/** A layer of a graph, which reads some values by name and writes one. */
export interface GraphNode {
  readonly name: string
  /** Place in the file, for messages. */
  readonly place: string
  readonly reads: ReadonlyArray<string>
  readonly writes: string
  /** Operation: a step or nothing, on the single value that it reads, or "add" for the two that it reads. */
  readonly does: Step | "nothing" | "add"
}

/** Maximum number of layers, and deepest nesting of residual blocks. */
const most = { nodes: 10_000, depth: 32 }

/** A value: its predecessor on the path from the input, and the length of that path. */
interface Value {
  readonly node: GraphNode | undefined
  readonly before: string | undefined
  readonly length: number
}

/**
 * The steps from `input` to `output`. A sum becomes a residual block from the last common ancestor of its two operands. Throws
 * BadModel if a layer reads a value that no earlier one writes (as in a cycle), or if a value is written twice. Throws it too if
 * branches are not nested blocks, or a limit is exceeded.
 */
export const stepsOf = (
  path: string,
  nodes: ReadonlyArray<GraphNode>,
  { input, output }: { readonly input: string; readonly output: string },
): ReadonlyArray<Step> => {
  const refuse = (place: string, reason: string, remedy: string): never => {
    throw new BadModel({ path, place, reason, remedy })
  }
  if (nodes.length > most.nodes) {
    return refuse(
      "graph",
      `it has ${nodes.length} layers; the limit is ${most.nodes}`,
      "certify a smaller network",
    )
  }
  const values = new Map<string, Value>([
    [input, { node: undefined, before: undefined, length: 0 }],
  ])
  const valueOf = (name: string, place: string): Value =>
    values.get(name) ??
    refuse(
      place,
      `it reads ${quote(name)}, which no earlier layer writes`,
      "the graph is incomplete, out of order or cyclic: export it again",
    )
  /** Last common ancestor of both values. */
  const meeting = (left: string, right: string, place: string): string => {
    let [a, b] = [left, right]
    while (a !== b) {
      const [va, vb] = [valueOf(a, place), valueOf(b, place)]
      if (va.length >= vb.length) a = va.before ?? a
      else b = vb.before!
    }
    return a
  }
  for (const node of nodes) {
    const { does, place, reads, writes } = node
    if (values.has(writes)) {
      refuse(
        place,
        `it writes ${quote(writes)}, which an earlier layer also writes`,
        "export the network again",
      )
    }
    for (const name of reads) valueOf(name, place)
    const [first, second] = reads
    const isRight = does === "add" ? second !== undefined && reads.length === 2 : reads.length === 1
    if (first === undefined || !isRight) {
      refuse(
        place,
        `it reads ${reads.length} values`,
        "a sum has two inputs, and any other layer one",
      )
    }
    const before = does === "add" ? meeting(first!, second!, place) : first!
    values.set(writes, { node, before, length: valueOf(before, place).length + 1 })
  }

  const taken = new Set<GraphNode>()
  const between = (from: string, to: string, depth: number): ReadonlyArray<Step> => {
    const steps: Array<Step> = []
    for (let at = to; at !== from;) {
      const { before, node } = valueOf(at, "output")
      if (node === undefined || before === undefined) {
        return refuse(
          "output",
          `${quote(to)} does not come from ${quote(from)}`,
          "export the network again",
        )
      }
      if (taken.has(node) || depth > most.depth) {
        return refuse(
          node.place,
          depth > most.depth
            ? `it is nested in more than ${most.depth} blocks`
            : "its branches do not join in one sum",
          "branches are supported as residual blocks only, nested or in sequence",
        )
      }
      taken.add(node)
      if (node.does === "add") {
        const [left, right] = node.reads.map((name) => between(before, name, depth + 1))
        // the way with more layers is the branch
        const [branch, shortcut] = left!.length >= right!.length ? [left!, right!] : [right!, left!]
        steps.push({ _tag: "Residual", name: node.name, branch, shortcut })
      } else if (node.does !== "nothing") steps.push(node.does)
      at = before
    }
    return steps.toReversed()
  }
  return between(input, output, 0)
}
