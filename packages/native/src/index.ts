export * as Addon from "./Addon.ts"
export * as NativeKernels from "./NativeKernels.ts"
