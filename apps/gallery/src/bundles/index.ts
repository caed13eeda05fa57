// Scripts of the page as raw deflate in base64, bundled when the workspace is installed.
export { base64 as engine } from "./engine.generated.ts"
export { base64 as live } from "./live.generated.ts"
export { base64 as page } from "./page.generated.ts"
export { base64 as play } from "./play.generated.ts"
export { base64 as replay } from "./replay.generated.ts"
export { base64 as site } from "./site.generated.ts"
