/** The command line in the process of the test. */
export { nonconvex } from "./Captured.ts"
