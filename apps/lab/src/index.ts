export { lab } from "./cli/Lab.ts"
export { run } from "./cli/Program.ts"
export { Systems } from "./evidence/Systems.ts"
