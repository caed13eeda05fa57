export { render } from "./Panels.ts"
