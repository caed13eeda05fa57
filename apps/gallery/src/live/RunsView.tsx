/** Stored runs, one page at a time, with a selection to compare. */
import * as Address from "../page/Address.ts"
import { useAsked, useGoing } from "./Ask.ts"
import type { RunList, SweepList } from "./Messages.ts"
import { NowView } from "./NowView.tsx"
import { Awaited, Field, GridTable } from "./Pieces.tsx"

/** Runs per page, as sent by the server. */
const pageLength = 50

const between = "~"

/** Ids in an address, each with as many digits as make it unique. */
export const idsOf = (text: string | undefined): ReadonlyArray<string> =>
  (text ?? "").split(between).filter((id) => /^[0-9a-f]{4,64}$/.test(id))

const digits = 12

/** Link from the selected runs to the page that compares them. */
const Chosen = ({ chosen }: { readonly chosen: ReadonlyArray<string> }) => (
  <p class="tools">
    <button
      type="button"
      disabled={chosen.length < 2}
      onClick={() => Address.go("compare", { runs: chosen.join(between) })}
    >
      Compare selected
    </button>
    <span role="status">{`${chosen.length} selected`}</span>
    {chosen.length === 0 ? null : (
      <button type="button" onClick={() => Address.change({ chosen: "" })}>
        Clear selection
      </button>
    )}
  </p>
)

const Pager = ({ count, page }: { readonly count: number; readonly page: number }) => {
  const first = page * pageLength
  const go = (to: number) => Address.change({ page: to === 0 ? "" : String(to) })
  return (
    <p class="tools">
      <button type="button" disabled={page === 0} onClick={() => go(page - 1)}>
        Later
      </button>
      <span>{`runs ${Math.min(count, first + 1)} to ${Math.min(count, first + pageLength)} of ${count}`}</span>
      <button type="button" disabled={first + pageLength >= count} onClick={() => go(page + 1)}>
        Earlier
      </button>
    </p>
  )
}

export const RunsView = ({ query }: { readonly query: Address.Address["query"] }) => {
  const { now } = useGoing()
  const where = query["where"] ?? ""
  const page = /^\d{1,7}$/.test(query["page"] ?? "") ? Number(query["page"]) : 0
  const asked = new URLSearchParams({ where, page: String(page) }).toString()
  const found = useAsked<RunList>(`/api/runs?${asked}`, now?.stamp)
  const { answer } = found
  const chosen = idsOf(query["chosen"])
  const toggle = (id: string) => {
    const short = id.slice(0, digits)
    const others = chosen.filter((each) => each !== short)
    const next = others.length === chosen.length ? [...chosen, short] : others
    Address.change({ chosen: next.join(between) })
  }
  return (
    <>
      <h1>Runs</h1>
      <NowView />
      <Field
        label="Filter runs"
        hint="experiment=optim-sam/valley and seed<3"
        value={where}
        set={(text) => Address.change({ where: text, page: "" })}
      />
      <Awaited {...found} />
      {answer === undefined ? null : (
        <>
          <p class="muted">{`${answer.count} in ${answer.place}`}</p>
          {answer.count === 0 ? (
            <p>
              No runs yet. <a href="#start">Start one</a>.
            </p>
          ) : (
            <>
              <Chosen chosen={chosen} />
              <GridTable
                grid={answer.table}
                label="runs"
                lead={(row, text) => {
                  const { id, subject } = answer.runs[row]!
                  return (
                    <>
                      <input
                        type="checkbox"
                        aria-label={`select ${text}`}
                        checked={chosen.includes(id.slice(0, digits))}
                        onChange={() => toggle(id)}
                      />{" "}
                      <a href={`#run/${id}`} aria-label={`run ${text} of ${subject}`}>
                        {text}
                      </a>
                    </>
                  )
                }}
              />
              <Pager count={answer.count} page={page} />
            </>
          )}
        </>
      )}
    </>
  )
}

/** The stored sweeps. */
export const SweepsView = () => {
  const { now } = useGoing()
  const found = useAsked<SweepList>("/api/sweeps", now?.stamp)
  const { answer } = found
  return (
    <>
      <h1>Sweeps</h1>
      <Awaited {...found} />
      {answer === undefined ? null : answer.sweeps.length === 0 ? (
        <p>
          No sweeps yet. <a href="#start">Start one</a>: choose an experiment, and then “Sweep”.
        </p>
      ) : (
        <GridTable
          grid={answer.table}
          label="sweeps"
          lead={(row, text) => <a href={`#sweep/${answer.sweeps[row]!.id}`}>{text}</a>}
        />
      )}
    </>
  )
}
