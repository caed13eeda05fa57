/** The formulas of everything that the systems state. */
import { assert, describe, it } from "@effect/vitest"
import * as Prose from "@nonconvex/gallery/internal/Prose"
import { Effect } from "effect"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

const provide = Effect.provide(Systems.layer)

/** Articles, statements of claims and errata, why errata are false, and what experiments ask, with whom to ask. */
const stated = Effect.map(allSystems, (systems) =>
  systems.flatMap(({ claims, errata, experiments, id: system, paper: { article } }) => [
    ...[
      article!.idea,
      article!.surprise.text,
      article!.surprise.matters,
      ...article!.revisedBy,
    ].map((text) => [system, text] as const),
    ...claims.map(({ id, statement }) => [id, statement] as const),
    ...errata.flatMap(({ explanation, id, statement }) => [
      [id, statement] as const,
      [id, explanation] as const,
    ]),
    ...experiments.map(({ id, question }) => [id, question] as const),
  ]),
)

/** Elements that are open at the end, or closed without a beginning. */
const unbalanced = (markup: string): ReadonlyArray<string> => {
  const open: Array<string> = []
  for (const [, end, name, , alone] of markup.matchAll(
    /<(\/?)(\w+)((?: [a-z]+="[^"]*")*)(\/?)>/g,
  )) {
    if (alone === "/" || name === "wbr") continue
    if (end === "/" && open.at(-1) === name) open.pop()
    else open.push(`${end}${name}`)
  }
  return open
}

const elements = /<math>.*?<\/math>/gs

describe("the formulas of claims, errata and experiments", () => {
  it.live("are all typeset, well formed, and none is left as it was typed", () =>
    Effect.gen(function* () {
      let formulas = 0
      for (const [id, text] of yield* stated) {
        const markup = Prose.markupOf(text)
        assert.deepStrictEqual(unbalanced(markup), [], id)
        assert.notMatch(markup, /<m(?:sup|sub|frac)><mrow><\/mrow>|<math><\/math>|undefined/, id)
        const left = markup.replaceAll(elements, "")
        // a name that ends in two pluses is the only sign that is prose
        assert.notMatch(
          left.replaceAll("Hutch++", ""),
          /[\^_+=|²³]|&[lg]t;|\b(?:sqrt|eta|rho|lambda|alpha|eps)\b/,
          id,
        )
        formulas += markup.match(elements)?.length ?? 0
      }
      assert.isAbove(formulas, 1000)
    }).pipe(provide),
  )

  it.live("say to who hears them what was typed", () =>
    Effect.gen(function* () {
      const found = (yield* stated).find(([id]) => id === "optim-sam/factorisation-usam-diverges")!
      const markup = Prose.markupOf(found[1])
      // products and functions are in the markup, though nothing of them is seen
      assert.include(markup, "<mn>15</mn><mo>&#8290;</mo><mi>η</mi>")
      assert.include(markup, '<msup><mrow><mo form="prefix" stretchy="false">(</mo><mi>x</mi>')
    }).pipe(provide),
  )
})
