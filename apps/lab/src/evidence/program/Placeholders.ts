/** Settings in braces within a text: `--lr {lr}`. Braces of any other kind are text, and `{{lr}}` stands for `{lr}`. */

const name = String.raw`[A-Za-z_][\w.-]*`
const placeholder = new RegExp(String.raw`\{\{(${name})\}\}|\{(${name})\}`, "g")

/** Names of the settings in a text. */
export const namesIn = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(placeholder), ([, , found]) => found).filter(
    (found) => found !== undefined,
  )

/** The text with values in place of the settings, each of which has one. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(placeholder, (_, quoted: string | undefined, found: string) =>
    quoted === undefined ? values[found]! : `{${quoted}}`,
  )
