/** One run: its progress, expectations, figures and rows. */
import { useMemo } from "preact/hooks"
import type * as Address from "../page/Address.ts"
import type { Figure } from "../page/Draw.ts"
import { FigureView } from "../page/FigureView.tsx"
import { Rows } from "../page/Rows.tsx"
import type { Columns } from "../Columns.ts"
import { rowsOf } from "../Parts.ts"
import { useAsked, useGoing } from "./Ask.ts"
import type { RunFacts, RunTable } from "./Messages.ts"
import { isOpen, TaskLine } from "./NowView.tsx"
import { Awaited, Facts, Fault, Said } from "./Pieces.tsx"
import { settingsIn } from "./Form.ts"

const badges = { holds: "good", fails: "bad", toothless: "bad" } as const

const badgeOf = ({ expectations, status }: RunFacts): string => {
  if (status === "unfinished") return "note"
  const isFine = status === "done" && expectations.every(({ outcome }) => outcome === "holds")
  return isFine ? "good" : "bad"
}

const Expectations = ({ all }: { readonly all: RunFacts["expectations"] }) =>
  all.length === 0 ? null : (
    <>
      <h2>Expected</h2>
      <ul class="expected">
        {all.map(({ control, outcome, text }, i) => (
          <li key={i}>
            <span class={`badge ${badges[outcome]}`}>{outcome}</span> {text}
            {control === undefined ? null : <div class="source">{control}</div>}
          </li>
        ))}
      </ul>
    </>
  )

const Seen = ({
  name,
  query,
  table,
}: {
  readonly name: string
  readonly query: Address.Address["query"]
  readonly table: RunTable
}) => {
  const { columns, fault, shown, total } = table
  const rows = useMemo(() => rowsOf(columns as unknown as Columns), [columns])
  const figures = table.figures as unknown as ReadonlyArray<Figure>
  return (
    <>
      {shown === total ? null : (
        <p class="muted">
          {`Shown are ${shown} of ${total} rows, evenly spaced, to keep this page fast. nonconvex export has them all.`}
        </p>
      )}
      {fault === undefined ? null : <p class="callout">{`Figures: ${fault}`}</p>}
      <div class="figures">
        {figures.map((figure) => (
          <FigureView key={figure.id} figure={figure} name={name} query={query} rows={rows} />
        ))}
      </div>
      <Rows name={name} rows={rows} isWhole />
    </>
  )
}

export const RunView = ({
  id,
  query,
}: {
  readonly id: string
  readonly query: Address.Address["query"]
}) => {
  const { now } = useGoing()
  const task = now?.tasks.findLast(({ of }) => of?.startsWith(id) === true)
  // of what has just begun nothing is kept
  const isYetToBe = task !== undefined && isOpen(task) && task.done === 0
  const path = now === undefined || isYetToBe ? undefined : `/api/runs/${id}`
  const found = useAsked<RunFacts>(path, now?.stamp)
  const { answer, fault } = found
  // what is done does not change any more
  const moves = answer === undefined ? undefined : `${answer.status} ${answer.standing}`
  const isTable = answer?.kind === "experiment"
  const table = useAsked<RunTable>(isTable ? `/api/runs/${answer.id}/table` : undefined, moves)
  const progress =
    task === undefined ||
    (!isOpen(task) && answer !== undefined && task.state === "done") ? null : (
      <ul class="tasks">
        <TaskLine task={task} />
      </ul>
    )
  if (answer === undefined) {
    return (
      <>
        <h1>{task === undefined ? "Run" : task.experiment}</h1>
        {progress}
        {isYetToBe ? <p>No results yet.</p> : <Awaited {...found} />}
      </>
    )
  }
  const { config, expectations, facts, kind, question, seed, standing, subject, title, verdict } =
    answer
  const again = new URLSearchParams({ seed: String(seed), ...settingsIn(config) }).toString()
  return (
    <article>
      <h1>{title === "" ? subject : title}</h1>
      <Said text={question} />
      {progress}
      <p class="tools">
        <span class={`badge ${badgeOf(answer)}`}>{standing}</span>
        {kind === "experiment" ? (
          <a href={`#start/${subject}?${again}`}>Start it again, with other settings</a>
        ) : null}
      </p>
      <Fault text={fault} />
      {verdict === undefined ? null : <pre class="verdict">{verdict}</pre>}
      {isTable ? <Awaited {...table} /> : null}
      {table.answer === undefined ? null : (
        <Seen name={subject.replaceAll("/", "-")} query={query} table={table.answer} />
      )}
      <Expectations all={expectations} />
      <h2>Provenance</h2>
      <Facts facts={facts} />
    </article>
  )
}
