export * as Addon from "./Addon.ts"
export * as CompiledKernels from "./CompiledKernels.ts"
