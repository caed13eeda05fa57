/** What needs Node: the backend of tfjs-node. */
export { folderVariable, layerFastest, layerNode } from "./runtime/NodeRuntime.ts"
