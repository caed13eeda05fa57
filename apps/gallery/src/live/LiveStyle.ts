/** Styles that the served page adds to those of the report. */
export const liveStyle = `
.tasks, .short, .expected { list-style: none; margin: .6rem 0; padding: 0; }
.task { display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .8rem; padding: .35rem 0; border-top: 1px solid var(--line); }
.task progress { width: 9rem; max-width: 40vw; accent-color: var(--link); }
.expected li { margin: .4rem 0; }
.fields { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; margin: .6rem 0; }
.field { display: grid; gap: .15rem; flex: 0 1 18rem; max-width: 32rem; font-size: .875rem; color: var(--muted); margin: .4rem 0; }
.modes { border: 0; margin: .6rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .92rem; } .modes legend { color: var(--muted); font-size: .8rem; padding: 0; }
.settings { width: auto; } .settings th[scope=row] .source { font-weight: 400; } .settings th[scope=row] { border-bottom-color: var(--line); color: var(--ink); white-space: normal; } .settings td, .settings th { padding: .3rem .8rem .3rem 0; } .settings input { width: 14rem; }
button.main { font-weight: 600; padding: .35rem .9rem; }
.verdict { overflow-x: auto; background: var(--raised); padding: .7rem 1rem; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
.beside-figure { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2rem; } @media screen and (min-width: 62rem) { .beside-figure { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .beside-figure section { position: sticky; top: 4rem; align-self: start; } }
textarea { font: .86rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; width: 18rem; max-width: 100%; color: var(--ink); background: var(--paper); border: 1px solid var(--axis); border-radius: 5px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`
