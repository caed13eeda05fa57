/** What needs Node: the backend of tfjs-node, and that with compiled kernels. */
export { folderVariable, layerCompiled, layerFastest, layerNode } from "./runtime/NodeRuntime.ts"
