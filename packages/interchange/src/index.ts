// The public surface, and nothing else: a name that is not here is free to change.
export { wordsOf } from "./oracle/CommandLine.ts"
