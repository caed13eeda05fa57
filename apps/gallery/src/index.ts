// The public surface, and nothing else: a name that is not here is free to change.
export * as Layout from "./figure/Layout.ts"
export { hasPanels, specification } from "./figure/Specification.ts"
export type { Screen } from "./figure/Theme.ts"
export * as Parts from "./Parts.ts"
export { style } from "./Style.ts"
export { formula } from "./site/Math.ts"
export { siteStyle } from "./site/SiteStyle.ts"
export type { Place } from "./site/Finder.tsx"
