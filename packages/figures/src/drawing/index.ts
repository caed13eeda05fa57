export { standalone } from "./Standalone.ts"
export { hasPanels, specification } from "./Drawing.ts"
