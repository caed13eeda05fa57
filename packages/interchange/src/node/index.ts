// What needs Node.
export { open as openOracle, type Oracle, OracleFailed } from "./Oracle.ts"
