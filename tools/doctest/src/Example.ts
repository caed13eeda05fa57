/** An example as a module: `expression // => value` becomes an assertion, line for line. */
import { parseSync } from "vite"

/** The name that the assertions have inside of an example. */
const assertions = "__doctest"

/** Half a unit of the last digit that `text` prints: `1.41` -> 0.005, `[2, 1.5e-3]` -> 0.00005. */
export const tolerance = (text: string): number => {
  const decimals = [...text.matchAll(/\d+(?:\.(\d+))?(?:e([+-]?\d+))?/g)].map(
    ([, fraction = "", exponent = "0"]) => fraction.length - Number(exponent),
  )
  return 0.5 * 10 ** -Math.max(...decimals, 0)
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const apply = (code: string, edits: ReadonlyArray<Edit>): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { end, start, text: by }) => text.slice(0, start) + by + text.slice(end), code)

/**
 * The module of an example. `e // => v` asserts that `e` is deeply and strictly equal to `v`; so does
 * `const x = e // => v`; and `e // ≈ v` asserts it of numbers up to the digits that `v` prints. Line
 * `i` of the example is line `offset + i` of the module, so that a failure names the right line. The
 * module exports the number of its assertions.
 */
export const compile = (file: string, code: string, offset: number): string => {
  const { comments, errors, program } = parseSync(`${file}.ts`, code)
  const lineAt = (position: number) => offset + code.slice(0, position).split("\n").length
  if (errors.length > 0) throw new Error(`${file}:${offset + 1} ${errors[0]!.message}`)
  const edits = comments.flatMap((comment): ReadonlyArray<Edit> => {
    const [, kind, value] = /^ (=>|≈) (.+?)\s*$/.exec(comment.value) ?? []
    if (comment.type !== "Line" || kind === undefined || value === undefined) return []
    const call = (subject: string) =>
      kind === "=>"
        ? `${assertions}.equal(${subject}, (${value}))`
        : `${assertions}.close(${subject}, (${value}), ${tolerance(value)})`
    // Without semicolons a statement may end at the ";" that starts the next line, past the comment, so
    // what counts is where its expression ends.
    const isBeside = (end: number) =>
      end <= comment.start && !code.slice(end, comment.start).includes("\n")
    const statement = program.body.findLast((node) => node.start < comment.start)
    if (statement?.type === "ExpressionStatement" && isBeside(statement.expression.end)) {
      const subject = `(${code.slice(statement.expression.start, statement.expression.end)})`
      return [{ start: statement.start, end: comment.end, text: `;${call(subject)};` }]
    }
    if (statement?.type === "VariableDeclaration" && statement.declarations.length === 1) {
      const { end, id } = statement.declarations[0]!
      if (id.type === "Identifier" && isBeside(end))
        return [{ start: end, end: comment.end, text: `;${call(id.name)};` }]
    }
    throw new Error(`${file}:${lineAt(comment.start)} there is nothing beside "//${comment.value}"`)
  })
  const head = `import * as ${assertions} from "${import.meta.dirname}/assertions.ts";`
  const tail = `export const assertionCount = ${edits.length}`
  return `${head}${"\n".repeat(offset)}${apply(code, edits)}\n${tail}\n`
}
