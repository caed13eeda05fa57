export { Diverged } from "./Diverged.ts"
