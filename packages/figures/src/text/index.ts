export { type Drawable, panelsOf, render } from "./Panels.ts"
export * as Plot from "./Plot.ts"
