/** Node backends: that of tfjs-node, and that with compiled kernels. */
export { layerCompiled, layerFastest, layerNode } from "./runtime/NodeRuntime.ts"
