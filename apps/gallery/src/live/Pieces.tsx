/** Small components that the pages of runs share. */
import type { ComponentChildren } from "preact"
import { Prose } from "../page/Prose.tsx"
import type { RunList } from "./Messages.ts"

/** Message of a failure. */
export const Fault = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p class="callout" role="alert">
      {text}
    </p>
  )

/** Placeholder for a pending answer, or the error in its place. */
export const Awaited = ({
  answer,
  fault,
}: {
  readonly answer?: unknown
  readonly fault?: string
}) =>
  answer === undefined && fault === undefined ? (
    <p class="muted">Reading the store…</p>
  ) : (
    <Fault text={fault} />
  )

/** Table of texts; `lead` makes the first cell of a row, from its index and text. */
export const GridTable = ({
  grid: { header, rows },
  label,
  lead,
}: {
  readonly grid: RunList["table"]
  readonly label: string
  readonly lead?: (row: number, text: string) => ComponentChildren
}) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={label}>
    <table class="rows">
      <thead>
        <tr>
          {header.map((name, i) => (
            <th key={i}>{name === "" ? <span class="unseen">of</span> : name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, k) => (
              <td key={k}>{k === 0 && lead !== undefined ? lead(i, cell) : cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

/** Names with their values. */
export const Facts = ({
  facts,
}: {
  readonly facts: ReadonlyArray<readonly [name: string, text: string]>
}) => (
  <dl>
    {facts.map(([name, text]) => (
      <>
        <dt>{name}</dt>
        <dd>{text}</dd>
      </>
    ))}
  </dl>
)

/** Form field that takes effect when it loses focus, or on Enter. */
export const Field = ({
  hint,
  label,
  set,
  value,
}: {
  readonly hint?: string
  readonly label: string
  readonly set: (value: string) => void
  readonly value: string
}) => (
  <label class="field">
    {label}
    <input
      type="text"
      value={value}
      placeholder={hint ?? ""}
      onChange={(event) => set(event.currentTarget.value)}
    />
  </label>
)

/** Prose in between. */
export const Said = ({ text }: { readonly text: string }) =>
  text === "" ? null : (
    <p>
      <Prose text={text} />
    </p>
  )
