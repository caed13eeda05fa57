// What needs Node.
export { open as openOracle, type Oracle, OracleFailed } from "./Oracle.ts"
export { read as readMlflowRun, runs as mlflowRuns } from "./MlflowDatabase.ts"
