/** Text without terminal control sequences, whatever untrusted names contain. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"

const escaped = (character: string): string =>
  `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`

/** Escapes control characters and bidirectional marks as JSON does; line breaks and tabs are kept. */
export const harmless = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\t\n]|\p{Bidi_Control}/gu, escaped)

/** The same, except that colour codes are kept. */
const coloured = (text: string): string =>
  text.replaceAll(/\p{Cc}\[[\d;]*m|[^\P{Cc}\t\n]|\p{Bidi_Control}/gu, (found) =>
    found.startsWith("\u001B[") ? found : harmless(found),
  )

/** Console of the program, which prints only harmless text. */
export const console: Effect.Effect<Console.Console> = Effect.gen(function* () {
  const inner = yield* Console.Console
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const shown = (texts: ReadonlyArray<unknown>) =>
    texts.map((text) => (canColor ? coloured : harmless)(String(text)))
  return Object.assign(Object.create(inner) as Console.Console, {
    log: (...texts: ReadonlyArray<unknown>) => inner.log(...shown(texts)),
    error: (...texts: ReadonlyArray<unknown>) => inner.error(...shown(texts)),
  })
})
