/** The compiled module of this machine, if it has one. */
export { load } from "./internal/Addon.ts"
