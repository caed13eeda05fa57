/** Semidefinite programs that people solve; the files beside it are steps of the method. */
export { solve } from "./Semidefinite.ts"
