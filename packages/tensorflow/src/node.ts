/** Node backends: tfjs-node, and wasm with compiled kernels. */
export { layerCompiled, layerFastest, layerNode } from "./runtime/NodeRuntime.ts"
