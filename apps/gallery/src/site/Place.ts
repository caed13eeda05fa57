/** Search entry of the site. */
export interface Place {
  /** Address from the root of the site. */
  readonly address: string
  readonly title: string
  /** Text below the title, which the search also covers. */
  readonly text: string
  /** Kind, such as `guide`, `function` or `claim`. */
  readonly kind: string
  /** Other titles. */
  readonly names?: ReadonlyArray<string>
  /** Further search words. */
  readonly also?: string
  readonly verdict?: string
}
