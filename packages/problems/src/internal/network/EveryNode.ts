import type { Node } from "./Placement.ts"

export const everyNode = (nodes: ReadonlyArray<Node>): ReadonlyArray<Node> =>
  nodes.flatMap((node) =>
    node._tag === "Residual"
      ? [node, ...everyNode(node.branch), ...everyNode(node.shortcut)]
      : [node],
  )
