// How the page of a run looks: light or dark as the reader's system has it, and no wider than the reader's screen; what is wider by
// itself scrolls in its own box. Text meets WCAG AA on both grounds.

export const STYLE = `
:root{color-scheme:light dark;--page:light-dark(#fff,#12161d);--text:light-dark(#1b2430,#e4e9f1);--muted:light-dark(#58657a,#a3afc0);
--line:light-dark(#dfe4ec,#2d3542);--soft:light-dark(#f4f6fa,#1b212b);--main:light-dark(#0b63c5,#78b4ff);--down:light-dark(#b3261e,#ff8f86)}
*{box-sizing:border-box}
body{font:14px/1.45 system-ui,sans-serif;font-variant-numeric:tabular-nums;color:var(--text);background:var(--page);max-width:960px;margin:24px auto;padding:0 16px}
h1{margin-bottom:0}h2{font-size:17px;margin:24px 0 4px}
.notes{background:var(--soft);padding:10px 28px;border-radius:6px}
details{background:var(--soft);padding:8px 14px;border-radius:6px;margin:8px 0}summary{cursor:pointer}
.wide{overflow-x:auto}
table{border-collapse:collapse;margin:8px 0 20px;font-size:12.5px}
th,td{padding:3px 8px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}.figures th,.figures td{white-space:normal}.figures td,.trades td:nth-child(-n+4),.trades th:nth-child(-n+4){text-align:left}
figure{margin:20px 0}figcaption{font-weight:600}svg{display:block;max-width:100%;height:auto}
.line{fill:none;stroke:var(--main);stroke-width:1.6}.area{fill:var(--down);opacity:.18}.axis{stroke:var(--muted);stroke-width:1}
.tick{font-size:11px;fill:var(--muted)}.end{text-anchor:end}.bar{fill:var(--main)}.loss{fill:var(--down)}.dot{fill:var(--main);opacity:.75}
.warning,.down{color:var(--down)}.warning{font-weight:600}.hash{color:var(--muted);font-size:12px;overflow-wrap:anywhere}
@media print{:root{color-scheme:light}}`;
