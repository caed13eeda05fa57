/** The comparison of methods for a reader. */
import * as Table from "../../cli/TextTable.ts"
import type { Candidate, Comparison } from "./MethodChoice.ts"

interface Compared {
  readonly comparison?: Comparison
  readonly unchosen?: string
  readonly test: { readonly _tag: "Accuracy" | "Error" }
}

const share = (value: number): string => (100 * value).toFixed(1)

const named = ({ method, radius }: Candidate): string =>
  method === "plain" ? method : `${method} at radius ${radius}`

const table = ({ candidates }: Comparison): string =>
  Table.render(
    ["METHOD", "RADIUS", "HELD-OUT ERROR", "DIFFERENCE FROM FIRST", "EPOCHS", "PASSES"],
    candidates.map(({ difference, epochs, error, method, passes, radius }) => [
      method,
      method === "plain" ? "" : String(radius),
      error === undefined
        ? "diverged"
        : `${share(error.mean)} % (${share(error.low)} to ${share(error.high)})`,
      difference === undefined
        ? ""
        : `${share(difference.mean)} (${share(difference.low)} to ${share(difference.high)})`,
      String(epochs),
      Table.number(passes),
    ]),
  )

/** The table of candidates and the choice among them; or the assumption in their place. */
export const lines = ({ comparison, test, unchosen }: Compared): ReadonlyArray<string> => {
  if (unchosen !== undefined) return [`assumed    ${unchosen}`, ""]
  if (comparison === undefined) return []
  const { candidates, chosen, heldOut, parts, rows } = comparison
  const [first] = candidates
  const kept = named(candidates[chosen]!)
  const why =
    chosen === 0
      ? `no other has a lower error by its 95 % confidence interval, so the ${first!.method === "plain" ? "cheapest" : "smallest"} is kept`
      : "its error is the lowest, and lower than that of the first by the 95 % confidence interval"
  const unit = test._tag === "Accuracy" ? "error rate" : "share of unexplained variance"
  return [
    `method     ${kept}: ${why}`,
    `           ${unit} of ${Table.plural(heldOut, "training row")}, held out in ${Table.plural(parts, "part")} of ${Table.count(rows)}; --method and --radius skip this`,
    table(comparison),
    "",
  ]
}
