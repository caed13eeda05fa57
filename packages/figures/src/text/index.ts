export { type Drawable, render } from "./Panels.ts"
