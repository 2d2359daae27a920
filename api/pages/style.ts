import { createHash } from 'node:crypto';
import { type Html, raw } from './html.ts';

/** The one style sheet of all pages: inline, allowed by its hash. Colours hold WCAG AA on white and on the grey. */
const STYLE = `
*{box-sizing:border-box}
body{margin:0;color:#161616;background:#f6f6f6;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
a{color:#000091}a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible,summary:focus-visible{outline:3px solid #0a76f6;outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.5rem 1rem}
.top{background:#fff;border-bottom:1px solid #ddd;border-top:4px solid #000091}
.top>div{max-width:60rem;margin:0 auto;padding:.75rem 1rem;display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
.brand{font-weight:700;font-size:1.15rem;color:#161616;text-decoration:none}.brand small{display:block;font-weight:400;font-size:.85rem;color:#3a3a3a}
.who{font-size:.9rem;display:flex;gap:.75rem;align-items:center}.who form{margin:0}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 1rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 .75rem}
.number{margin:0;font-weight:700;color:#000091}
.card{background:#fff;border:1px solid #ddd;padding:1rem 1.25rem;margin:0 0 1rem}
.exercise{background:#6e445a;color:#fff;font-weight:700;text-align:center;padding:.5rem;letter-spacing:.08em}
.notice{border-left:4px solid #000091;background:#fff;padding:.75rem 1rem;margin:0 0 1rem}
.notice.ok{border-color:#18753c}.notice.warn{border-color:#b34000}.notice.error{border-color:#ce0500}.notice p{margin:.25rem 0}.notice button{margin-top:.5rem}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.25rem;margin:0}dl.facts dt{color:#3a3a3a}dl.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}dl.facts ul{margin:0;padding-left:1.25rem}dl.facts small{display:block;font-weight:400;font-size:.9rem;color:#3a3a3a}
fieldset{border:0;padding:0;margin:0 0 1.25rem}legend{font-weight:700;padding:0;margin:0 0 .5rem}
.choice{display:flex;gap:.75rem;align-items:flex-start;background:#fff;border:1px solid #929292;padding:.75rem 1rem;margin:0 0 .5rem;cursor:pointer}
.choice:has(input:checked){border-color:#000091;box-shadow:inset 0 0 0 1px #000091;background:#f5f5fe}
.choice input{width:1.25rem;height:1.25rem;margin:.15rem 0 0;flex:none;accent-color:#000091}.choice b{display:block}.choice span span{color:#3a3a3a;font-size:.925rem}
.field{margin:0 0 1.25rem}.field label{display:block;font-weight:700}.hint{color:#3a3a3a;font-size:.9rem;margin:.1rem 0 .35rem}
.field input,.field textarea{width:100%;font:inherit;padding:.5rem .75rem;border:1px solid #6a6a6a;background:#fff;color:#161616}.field input[type=number]{max-width:8rem}.field input[type=datetime-local]{max-width:17rem}
.field [aria-invalid=true]{border:2px solid #ce0500}.wrong{color:#b30000;font-weight:600;margin:.35rem 0 0}
button{font:inherit;font-weight:600;padding:.65rem 1.5rem;border:1px solid #000091;background:#000091;color:#fff;cursor:pointer}button:hover{background:#1212ff}
button.light{background:#fff;color:#000091}button.light:hover{background:#f5f5fe}button.small{padding:.2rem .6rem;font-size:.9rem;font-weight:400}
details{background:#fff;border:1px solid #ddd;padding:.75rem 1.25rem;margin:1.5rem 0}summary{cursor:pointer;color:#000091;font-weight:600}details[open] summary{margin-bottom:.75rem}
.scroll{overflow-x:auto;background:#fff;border:1px solid #ddd}table{border-collapse:collapse;width:100%;min-width:46rem;font-size:.95rem}caption{text-align:left;padding:.75rem 1rem;font-weight:700}
th,td{text-align:left;padding:.5rem .75rem;border-top:1px solid #ddd;vertical-align:top}th[scope=col]{border-top:0;border-bottom:2px solid #000091;white-space:nowrap}th[scope=row]{font-weight:600}
.tag{display:inline-block;padding:.05rem .5rem;font-size:.85rem;font-weight:600;background:#eee;color:#3a3a3a;white-space:nowrap}.tag.ok{background:#b8fec9;color:#18753c}.tag.go{background:#e8edff;color:#0063cb}.tag.bad{background:#ffe9e9;color:#b30000}.tag.warn{background:#ffe9e6;color:#a33600}
ol.timeline{list-style:none;margin:0;padding:0 0 0 1rem;border-left:2px solid #ccc}ol.timeline li{position:relative;margin:0 0 .9rem}ol.timeline li::before{content:"";position:absolute;left:calc(-1rem - 6px);top:.5rem;width:10px;height:10px;border-radius:50%;background:#000091}ol.timeline time{display:block;font-size:.875rem;color:#3a3a3a}
.body>:first-child{margin-top:0}.body>:last-child{margin-bottom:0}ul.links{list-style:none;padding:0;margin:0}ul.links li{margin:0 0 .75rem}ul.links a{font-weight:600}ul.links span{display:block;color:#3a3a3a;font-size:.925rem}
.pick{display:flex;flex-wrap:wrap;gap:0 1rem;align-items:end;margin-top:2rem}.pick .field{flex:1 1 14rem;margin-bottom:.5rem}.pick button{margin-bottom:.5rem}select{width:100%;font:inherit;padding:.5rem .75rem;border:1px solid #6a6a6a;border-radius:0;background:#fff;color:#161616}select:focus-visible,.scroll:focus-visible{outline:3px solid #0a76f6;outline-offset:2px}
.drawing{margin:0}.drawing h2{margin-top:1.5rem}.drawing svg{display:block;width:100%;min-width:40rem;height:auto}.drawing details table{min-width:0}.drawing details{margin:.75rem 0 0}.notice ul{margin:.25rem 0;padding-left:1.25rem}
.figures td{font-variant-numeric:tabular-nums}.figures th[scope=row]{min-width:10rem}.figures td{white-space:nowrap}.figures th[scope=col]{white-space:normal}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details.aside{background:none;border:0;padding:0;margin:.35rem 0 0;font-size:.9rem}details.aside summary{font-weight:400}details.aside .field{margin:.25rem 0 0}
.origin,details.aside.origin{font-size:.9rem;width:fit-content;margin:.1rem 0 .5rem;padding:.1rem .6rem;border-left:3px solid #6a6a6a}.origin.taken{border-color:#b34000;background:#fff}.origin ul{margin:.25rem 0;padding-left:1.25rem}
.field>input[inputmode=decimal]{max-width:14rem}table.cards{min-width:0}.cards th[scope=col]{white-space:normal}.cards td{min-width:7rem}
@media print{body{background:#fff;font-size:10pt}.top,.skip,.unprinted,.pick,.who,form,.files{display:none}main{max-width:none;padding:0}.scroll{overflow:visible;border:0}table{min-width:0;font-size:8.5pt}tr,.card,.notice,.drawing{break-inside:avoid}.card,.notice{border-color:#929292}h2{break-after:avoid}.drawing svg{min-width:0;max-width:17cm}.tag,svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media(max-width:36rem){.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.cards,.cards tbody,.cards tr,.cards th[scope=row],.cards td,.cards caption{display:block}.cards tr{padding:.5rem .75rem;border-top:2px solid #000091}.cards th[scope=row],.cards td{border:0;padding:.25rem 0}.cards td::before{content:attr(data-label);display:block;font-size:.9rem;color:#3a3a3a}
dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.5rem}main button:not(.small,.unseen){width:100%;margin-bottom:.5rem}}
`;

export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** In one piece: a blank more between the tags would be another hash, and the browser would drop the style. */
export const STYLE_ELEMENT: Html = raw(`<style>${STYLE}</style>`);
