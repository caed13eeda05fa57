/** Search entry of the site. */
export interface Place {
  /** From the root of the site. */
  readonly address: string
  readonly title: string
  /** Searched beside the title, and shown below it. */
  readonly text: string
  /** `guide`, `function`, `claim`, ... */
  readonly kind: string
}
