import { NotCertified, NotMonotone } from "../../solve/Failures.ts"

/** Undefined where the certificate is refused: an oracle that lies may be found out. */
export const attempt = <A>(run: () => A): A | undefined => {
  try {
    return run()
  } catch (error) {
    if (error instanceof NotMonotone || error instanceof NotCertified) return undefined
    throw error
  }
}
