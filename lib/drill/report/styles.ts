/** The whole style of the report: no font, image or script comes from elsewhere. Contrast of text is 4.5 to 1 or better. */
export const STYLES = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1b1f24; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #c4cbd3; padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .5rem 0; }
.verdict { border: 2px solid; border-left-width: .75rem; padding: .75rem 1rem; font-weight: 600; overflow-wrap: anywhere; }
.good { color: #0b5c2e; } .bad { color: #9b1c1c; } .none { color: #4a5361; }
.verdict.good { background: #eef8f1; } .verdict.bad { background: #fdf0f0; } .verdict.none { background: #f3f4f6; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, a:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: #4a5361; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #dde2e8; }
thead th { border-bottom: 2px solid #8b95a3; }
td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font: .85rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: #f3f4f6; padding: .75rem; white-space: pre-wrap; }
svg { display: block; min-width: 44rem; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
ul { padding-left: 1.25rem; } li { margin: .25rem 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { font-size: 15px; } h1 { font-size: 1.3rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  table.stack thead { position: absolute; left: -100rem; }
  table.stack tr { display: block; border-bottom: 2px solid #8b95a3; padding: .4rem 0; }
  table.stack th, table.stack td { display: block; border: 0; padding: .1rem 0; }
  table.stack td::before { content: attr(data-label) ": "; font-weight: 600; }
}
@media print {
  main { max-width: none; padding: 0; } .skip { display: none; } .scroll { overflow: visible; } svg { min-width: 0; }
  h2, h3 { break-after: avoid; } tr, .verdict, svg { break-inside: avoid; } details { display: block; }
}
`;
