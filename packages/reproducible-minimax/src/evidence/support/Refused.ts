import { NotCertified, NotMonotone } from "../../solve/Failures.ts"

/** Undefined if the certificate is refused, since a dishonest oracle may be detected. */
export const attempt = <A>(run: () => A): A | undefined => {
  try {
    return run()
  } catch (error) {
    if (error instanceof NotMonotone || error instanceof NotCertified) return undefined
    throw error
  }
}
