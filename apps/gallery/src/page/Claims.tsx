import type { Entry } from "../Parts.ts"
import * as Address from "./Address.ts"
import { search } from "../search/Search.ts"
import { Badge } from "./Badge.tsx"
import { counts, type Facet, facets, wanted, type Wanted } from "./Found.ts"
import { Margins } from "./Margins.tsx"
import { Prose } from "./Prose.tsx"

const Choice = ({
  entries,
  facet,
  want,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly facet: Facet
  readonly want: Wanted
}) => {
  const found = counts(entries, want, facet)
  const value = want[facet] ?? ""
  if (found.length < 2 && value === "") return null
  return (
    <label>
      {facet === "class" ? "class of erratum" : facet}
      <select
        value={value}
        onChange={(event) => Address.change({ [facet]: event.currentTarget.value })}
      >
        <option value="">all</option>
        {found.map(([each, count]) => (
          <option key={each} value={each}>
            {`${each} (${count})`}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Tests for the margins of a statement that is only true or false, without a distance. */
const isTrivial = ([worst, , , median]: NonNullable<Entry["margins"]>): boolean =>
  worst === 1 && median === 1

const Claim = ({ entry }: { readonly entry: Entry }) => (
  <tr>
    <td>
      <Badge of={entry} />
    </td>
    <td class="statement">
      <p>
        <a href={`#${entry.address}`}>{entry.title}</a>
      </p>
      <p>
        <Prose text={entry.text} />
      </p>
      <p class="source">
        {[entry.source, entry.basis, entry.class].filter((word) => word !== undefined).join(" · ")}
      </p>
    </td>
    <td class="margin">
      {entry.margins === undefined || isTrivial(entry.margins) ? null : (
        <>
          {Number(entry.margins[0].toPrecision(3))}
          <Margins of={entry.margins} />
        </>
      )}
    </td>
  </tr>
)

/** Claims and errata, with filters by words, system, verdict, source status and class. */
export const Claims = ({
  entries,
  query,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly query: Address.Address["query"]
}) => {
  const want: Wanted = Object.fromEntries(facets.map((facet) => [facet, query[facet] ?? ""]))
  const words = query["words"] ?? ""
  const found = search(wanted(entries, want), words).found
  const matching = search(entries, words).found
  return (
    <>
      <div class="tools choices">
        <label>
          words
          <input
            type="search"
            value={words}
            onInput={(event) => Address.change({ words: event.currentTarget.value })}
          />
        </label>
        {facets.map((facet) => (
          <Choice key={facet} entries={matching} facet={facet} want={want} />
        ))}
        <span class="muted" role="status">
          {`${found.length} of ${entries.length}`}
        </span>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="claims">
        <table class="verdicts">
          <thead>
            <tr>
              <th>Verdict</th>
              <th>Statement</th>
              <th>Worst margin</th>
            </tr>
          </thead>
          <tbody>
            {found.map((entry) => (
              <Claim key={entry.address} entry={entry} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
