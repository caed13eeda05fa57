/** Worst cases of your own methods: entry `@nonconvex/worst-case/operations`. */
export { estimateWorstCase } from "./EstimateWorstCase.ts"
export { system } from "./system.ts"
