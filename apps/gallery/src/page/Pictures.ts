/** Pictures of systems on the first screen, drawn by the program that wrote the page. */
import type { Index } from "../Parts.ts"

/** Inserts the pictures of systems. */
export const showPictures = (host: HTMLElement, pictures: Index["pictures"]): void => {
  for (const place of host.querySelectorAll<HTMLElement>("[data-picture]")) {
    place.innerHTML = pictures[place.dataset["picture"]!] ?? ""
  }
}
