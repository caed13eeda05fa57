/** Missing arguments of a wrong invocation, all at once: the parser stops at the first. */
import type * as CliError from "effect/cli/CliError"
import type * as CliOutput from "effect/cli/CliOutput"

/** Names an invocation lacks, with an example that has them; undefined where the parser stopped at something else. */
export const sentence = (
  { errors, helpDoc: { examples = [] } }: CliOutput.Presenter.InvalidInvocation,
  required: ReadonlyArray<string>,
  args: ReadonlyArray<string>,
): string | undefined => {
  const isLacking = (error: CliError.NonShowHelpErrors): boolean =>
    error._tag === "MissingOption" || error._tag === "MissingArgument"
  if (!errors.some(isLacking)) return undefined
  const isGiven = (name: string): boolean =>
    args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))
  const lacking = [
    ...errors.flatMap((error) => (error._tag === "MissingArgument" ? [`<${error.argument}>`] : [])),
    ...required.filter((name) => !isGiven(name)).map((name) => `--${name}`),
  ]
  const [example] = examples
  return `missing ${lacking.join(", ")}${example === undefined ? "" : `; for example: ${example.command}`}`
}
