export * as Layers from "./Layers.ts"
export * as Threads from "./Threads.ts"
