export * as Code from "./Code.ts"
export * as Layers from "./Layers.ts"
export * as Threads from "./Threads.ts"
