/** Figures as SVG, from their Vega-Lite specifications, without a browser. */
import { Effect, type Schema } from "effect"
import { isolated } from "./Isolation.ts"
import { specification } from "./Drawing.ts"
import { faultOf } from "./Fault.ts"
import { withTextWidths } from "./TextWidths.ts"
import type { Screen } from "./Theme.ts"

/** A figure of an experiment that has run. */
interface Drawable {
  /** Table that the specification may refer to; default none. */
  readonly rows?: ReadonlyArray<object>
  /** Unique on the page: it prefixes the names of definitions in the picture. */
  readonly key: string
  readonly spec: Schema.Json
  /** Target; default wide. */
  readonly screen?: Screen
}

/** The picture, or the reason why there is none. */
export type Drawn =
  | { readonly _tag: "Picture"; readonly svg: string }
  | { readonly _tag: "Undrawable"; readonly reason: string }

/** Names of definitions made unique in a page of several pictures, and independent of the pictures drawn before. */
const scoped = (svg: string, key: string): string => {
  const prefix = key.replaceAll(/[^\w-]/g, "-")
  const defined = Array.from(svg.matchAll(/\bid="([^"]+)"/g), ([, id]) => id!)
  const renamed = (id: string) => `${prefix}-${defined.indexOf(id)}`
  return svg
    .replaceAll(/\bid="([^"]+)"/g, (_, id: string) => `id="${renamed(id)}"`)
    .replaceAll(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${renamed(id)})`)
    .replaceAll(/href="#([^"]+)"/g, (_, id: string) => `href="#${renamed(id)}"`)
}

/** Loaded when the first figure is drawn, because most commands draw none. */
const engine = Effect.promise(async () => {
  const [vega, lite] = await Promise.all([import("vega"), import("vega-lite")])
  return { vega: withTextWidths(vega), lite }
})

/**
 * Scene of a figure before it is written: its marks with their positions. Fails on specifications that Vega-Lite cannot read.
 */
export const scene = Effect.fnUntraced(function* ({
  rows = [],
  screen = "wide",
  spec,
}: Omit<Drawable, "key">) {
  const { lite, vega } = yield* engine
  return yield* Effect.tryPromise(async () => {
    const compiled = lite.compile(specification(spec, rows, screen), { logger: isolated.logger })
    const view = new vega.View(vega.parse(compiled.spec), {
      renderer: "none",
      ...isolated,
    })
    return await view.runAsync()
  })
})

/**
 * Draws a figure in the project's theme, with the colours of the surrounding page. A figure that would silently drop a row is
 * not drawn.
 */
export const draw = Effect.fn("Svg.draw")(function* (drawable: Drawable) {
  const { key, rows = [], spec } = drawable
  const fault = faultOf(spec, rows)
  if (fault !== undefined) return { _tag: "Undrawable" as const, reason: fault }
  return yield* scene(drawable).pipe(
    Effect.flatMap((view) =>
      Effect.tryPromise(async () => {
        const svg = await view.toSVG()
        view.finalize()
        return { _tag: "Picture" as const, svg: scoped(svg, key) }
      }),
    ),
    Effect.catch(({ cause }) =>
      Effect.succeed({
        _tag: "Undrawable" as const,
        reason: cause instanceof Error ? cause.message : String(cause),
      }),
    ),
  )
})
