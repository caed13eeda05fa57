/** Pictures of systems on the first screen, which the program that wrote the page drew. */
import type { Index } from "../Parts.ts"

/** Puts the pictures of systems into their places. */
export const showPictures = (host: HTMLElement, pictures: Index["pictures"]): void => {
  for (const place of host.querySelectorAll<HTMLElement>("[data-picture]")) {
    place.innerHTML = pictures[place.dataset["picture"]!] ?? ""
  }
}
