/** Search entry of the site. */
export interface Place {
  /** From the root of the site. */
  readonly address: string
  readonly title: string
  /** Text below the title, which the search reads too. */
  readonly text: string
  /** `guide`, `function`, `claim`, ... */
  readonly kind: string
  /** Further words by which it is found. */
  readonly also?: string
  readonly verdict?: string
}
