/** The compiled module of this machine, and whether it has one. */
export { load } from "./internal/Addon.ts"
