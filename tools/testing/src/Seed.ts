/** The one seed of every property test; `NONCONVEX_SEED=7 npm test` tries another. */
export const variable = "NONCONVEX_SEED"

const fixed = 20_230_529

/** What a vitest project passes to its workers. */
export const environment = (): Readonly<Record<string, string>> => ({
  [variable]: process.env[variable] ?? String(fixed),
})

/**
 * The seed that the settings passed, or a fresh one on a developer's machine where they passed none.
 * In CI a run that nobody can repeat is an error.
 */
export const read = (env: Readonly<Record<string, string | undefined>>): number => {
  const text = env[variable]
  if (text === undefined) {
    if (env["CI"] !== undefined && env["CI"] !== "false")
      throw new Error(`${variable} is not set: in CI every test runs on a known seed`)
    return Math.trunc(Math.random() * 2 ** 31)
  }
  const seed = Number(text)
  if (!Number.isInteger(seed)) throw new Error(`${variable} is not an integer: ${text}`)
  return seed
}
