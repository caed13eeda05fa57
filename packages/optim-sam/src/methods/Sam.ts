/** Sharpness-aware minimisation (SAM). The method is part of `problems`, since other systems compare with it. */
export { sam } from "@nonconvex/problems/Sam"
