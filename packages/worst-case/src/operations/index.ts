/** Worst cases of your own methods: entry `@nonconvex/worst-case/operations`. */
export { EstimatedWorstCase, estimateWorstCase } from "./EstimateWorstCase.ts"
export { system } from "./system.ts"
