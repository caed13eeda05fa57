/** Settings in a log that are not numbers: names and values as text. */
import { most } from "./Series.ts"

/** Maximum number of settings of a run to keep. */
const mostSettings = 4096

/** Adds a setting, up to the limit on their number. */
export const add = (settings: Map<string, string>, name: string, value: unknown): void => {
  const isPlain = ["string", "number", "boolean"].includes(typeof value)
  if (isPlain && settings.size < mostSettings) settings.set(name, String(value).slice(0, 200))
}

/** Adds the fields of a JSON object, such as the arguments that a trainer writes; other texts are ignored. */
export const addJson = (text: string, settings: Map<string, string>): void => {
  const start = text.trimStart()
  if (!start.startsWith("{") || text.length > most.text) return
  try {
    for (const [name, value] of Object.entries(JSON.parse(text) as object)) {
      add(settings, name, value)
    }
  } catch {
    // a text for people
  }
}
