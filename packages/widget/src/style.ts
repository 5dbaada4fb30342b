/** The shelf's style sheet: constructed, hence allowed under a CSP with `style-src 'self'`; one a document. */

const CSS = /* css */ `
:host {
  --_gap: var(--vitrine-gap, 1rem);
  --_card: var(--vitrine-card-width, clamp(9rem, 42%, 13rem));
  --_radius: var(--vitrine-radius, .75rem);
  --_muted: var(--vitrine-muted, color-mix(in srgb, currentColor 66%, transparent));
  --_line: var(--vitrine-line, color-mix(in srgb, currentColor 18%, transparent));
  --_tile: var(--vitrine-tile, color-mix(in srgb, currentColor 6%, transparent));
  --_accent: var(--vitrine-accent, #2f6fed);
  display: block;
  min-inline-size: 0;
  color: var(--vitrine-ink, inherit);
  background: var(--vitrine-ground, transparent);
  font-family: var(--vitrine-font, inherit);
}
:host([theme='light']) {
  color-scheme: light;
  color: var(--vitrine-ink, #1b1c1f);
  background: var(--vitrine-ground, #fff);
}
:host([theme='dark']) {
  color-scheme: dark;
  color: var(--vitrine-ink, #f1f1f3);
  background: var(--vitrine-ground, #17181b);
  --_accent: var(--vitrine-accent, #8ab4ff);
}
:host([theme='auto']) {
  color-scheme: light dark;
  color: var(--vitrine-ink, #1b1c1f);
  background: var(--vitrine-ground, #fff);
}
@media (prefers-color-scheme: dark) {
  :host([theme='auto']) {
    color: var(--vitrine-ink, #f1f1f3);
    background: var(--vitrine-ground, #17181b);
    --_accent: var(--vitrine-accent, #8ab4ff);
  }
}
:host([theme]) section { padding: var(--vitrine-padding, 1rem); }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
section { padding: var(--vitrine-padding, 0); }

header {
  display: flex;
  align-items: center;
  gap: 1rem;
  min-block-size: 2.25rem;
  margin-block-end: .625rem;
}
[part='heading'] {
  flex: 1;
  margin: 0;
  font-size: var(--vitrine-heading-size, clamp(1.125rem, 4.6vw, 1.3125rem));
  font-weight: 650;
  line-height: 1.25;
  letter-spacing: -.012em;
  text-wrap: balance;
}
[part='controls'] { display: flex; gap: .5rem; margin-inline-start: auto; }
[part='controls'].idle { visibility: hidden; }
button {
  display: grid;
  place-items: center;
  inline-size: 2.25rem;
  block-size: 2.25rem;
  padding: 0;
  border: 1px solid var(--_line);
  border-radius: 50%;
  background: transparent;
  color: inherit;
  cursor: pointer;
  transition: background-color .15s, opacity .15s;
}
button:hover:not([aria-disabled='true']) { background: var(--_tile); }
button[aria-disabled='true'] { opacity: .35; cursor: default; }
svg {
  inline-size: 1.125rem;
  block-size: 1.125rem;
  fill: none;
  stroke: currentColor;
  stroke-width: 2;
  stroke-linecap: round;
  stroke-linejoin: round;
}
[part~='next'] svg, :host(:dir(rtl)) [part~='previous'] svg { transform: scaleX(-1); }
:host(:dir(rtl)) [part~='next'] svg { transform: none; }

/* Up and down the row leaves room for outlines, which a scrolling box cuts off; sideways only where the page says. */
.row {
  --_bleed: var(--vitrine-bleed, 0px);
  display: flex;
  gap: var(--_gap);
  margin: -6px calc(-1 * var(--_bleed));
  padding: 6px var(--_bleed);
  overflow-x: auto;
  overscroll-behavior-x: contain;
  scroll-snap-type: x mandatory;
  scroll-padding-inline: var(--_bleed);
  scrollbar-width: none;
  list-style: none;
}
.row::-webkit-scrollbar { display: none; }
.stage { display: grid; grid-template-columns: minmax(0, 1fr); }
.stage > * { grid-area: 1 / 1; }
.bare { overflow-x: hidden; }
.unpainted { visibility: hidden; }
.settling { scroll-snap-type: none; }
li, .row ::slotted([data-item]) { flex: 0 0 var(--_card); min-inline-size: 0; scroll-snap-align: start; }
/* A wrapper of the page's own keeps its own layout. */
.row ::slotted(:not([data-item])) { flex: 1 0 100%; }
[part='link'], .link {
  position: relative;
  display: flex;
  flex-direction: column;
  gap: .25rem;
  block-size: 100%;
  color: inherit;
  text-decoration: none;
  border-radius: var(--_radius);
  -webkit-tap-highlight-color: transparent;
}
.frame {
  position: relative;
  display: block;
  aspect-ratio: var(--vitrine-image-ratio, 1);
  margin-block-end: .375rem;
  overflow: hidden;
  border-radius: var(--_radius);
  background: var(--_tile);
}
img {
  position: absolute;
  inset: 0;
  inline-size: 100%;
  block-size: 100%;
  object-fit: var(--vitrine-image-fit, cover);
  transition: transform .35s cubic-bezier(.2, .7, .3, 1);
}
.placeholder {
  position: absolute;
  inset: 0;
  display: grid;
  place-items: center;
  font-size: 2.75rem;
  font-weight: 600;
  color: color-mix(in srgb, currentColor 38%, transparent);
  background: color-mix(in srgb, var(--_tint) 16%, transparent);
}
.tint-0 { --_tint: #d9793d; } .tint-1 { --_tint: #3f8f6b; } .tint-2 { --_tint: #4c78c9; }
.tint-3 { --_tint: #b8567f; } .tint-4 { --_tint: #8a6bc4; } .tint-5 { --_tint: #a98b2c; }
[part='title'], [part='price'], [part='reason'], .line { display: block; font-size: .875rem; line-height: 1.3125rem; }
/* Text in another direction than the page's still begins where the page's begins. */
[part='heading'], [part='title'], [part='reason'] { text-align: left; }
:host(:dir(rtl)) :is([part='heading'], [part='title'], [part='reason']) { text-align: right; }
[part='title'] {
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: var(--vitrine-title-lines, 2);
  block-size: calc(1.3125rem * var(--vitrine-title-lines, 2));
  overflow: hidden;
  overflow-wrap: anywhere;
}
[part='price'] { min-block-size: 1.3125rem; font-weight: 650; font-variant-numeric: tabular-nums; }
[part='reason'] {
  block-size: 1.125rem;
  font-size: .75rem;
  line-height: 1.125rem;
  color: var(--_muted);
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
:host(:not([reasons])) [part='reason'] { display: none; }
@media (hover: hover) {
  [part='link'][href]:hover [part='title'] { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
  [part='link'][href]:hover img { transform: scale(1.03); }
}
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.row:focus-visible { outline-offset: -2px; }
/* Within the picture, where the row's edge cannot cut it off; the white line sets it apart from any picture. */
[part='link']:focus-visible { outline: none; }
[part='link']:focus-visible [part='title'] { text-decoration: underline; text-underline-offset: .2em; }
[part='link']:focus-visible .frame::after {
  content: '';
  position: absolute;
  inset: 0;
  border: 3px solid var(--_accent);
  border-radius: inherit;
  outline: 2px solid #fff;
  outline-offset: -5px;
}

.bone {
  display: block;
  inline-size: 82%;
  block-size: .75em;
  margin-block-start: .28em;
  border-radius: .25rem;
  background: color-mix(in srgb, currentColor 9%, transparent);
}
.block { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; margin: 0; border-radius: 0; background: none; }
[part='price'] > .bone { inline-size: 38%; }
/* A list that is there at once must not flash grey first. */
.bones { animation: appear .2s .12s both, breathe 1.4s .5s ease-in-out infinite alternate; }
@keyframes appear { from { opacity: 0; } }
@keyframes breathe { to { opacity: .55; } }

.unseen {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  button { border-color: ButtonText; }
  button[aria-disabled='true'] { color: GrayText; border-color: GrayText; opacity: 1; }
  .frame { border: 1px solid CanvasText; }
}
@media print { [part='controls'] { display: none; } }
`

const SHEETS = new WeakMap<Document, CSSStyleSheet>()

/** The sheet of the current document, parsed once for all shelves. */
export function shelfStyle(): CSSStyleSheet {
  let sheet = SHEETS.get(document)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
    SHEETS.set(document, sheet)
  }
  return sheet
}
