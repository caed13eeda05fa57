export * as CompiledKernels from "./CompiledKernels.ts"
