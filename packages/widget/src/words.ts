/** What a shelf itself says, in the languages it knows. */

/** Every phrase of a shelf. `{…}` is filled in. */
export interface Words {
  /** Name of the region where the shelf has no heading. */
  shelf: string
  previous: string
  next: string
  /** Announced after a button was pressed: `{from}`, `{to}`, `{of}`. */
  range: string
  /** Announced after a refresh that the page says the shopper asked for: `{of}`. */
  updated: string
  /** Reasons. `{title}` is the item that it is about. */
  history: string
  /** The same where that item's title is not known. */
  historyUnnamed: string
  anchor: string
  taste: string
  popular: string
}

const ORDER = [
  'shelf',
  'previous',
  'next',
  'range',
  'updated',
  'history',
  'historyUnnamed',
  'anchor',
  'taste',
  'popular',
] as const satisfies readonly (keyof Words)[]

// One row a language, in the order above: the table is part of a script that every shopper loads.
const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'Recommendations|Previous|Next|{from} to {to} of {of}|{of} recommendations|Because you viewed {title}|Based on what you viewed|Goes with this|Picked for you|Popular now',
  de: 'Empfehlungen|Zurück|Weiter|{from} bis {to} von {of}|{of} Empfehlungen|Weil Sie {title} angesehen haben|Passend zu Ihren Ansichten|Passt dazu|Für Sie ausgesucht|Gerade beliebt',
  fr: 'Recommandations|Précédent|Suivant|{from} à {to} sur {of}|{of} recommandations|Parce que vous avez vu {title}|D’après vos visites|Va bien avec|Choisi pour vous|Populaire',
  es: 'Recomendaciones|Anterior|Siguiente|{from} a {to} de {of}|{of} recomendaciones|Porque viste {title}|Según lo que viste|Combina con esto|Elegido para ti|Popular ahora',
  it: 'Consigli|Precedente|Successivo|da {from} a {to} di {of}|{of} consigli|Perché hai visto {title}|In base a ciò che hai visto|Si abbina bene|Scelto per te|Popolare ora',
  nl: 'Aanbevelingen|Vorige|Volgende|{from} tot {to} van {of}|{of} aanbevelingen|Omdat je {title} bekeek|Op basis van wat je bekeek|Past hierbij|Voor jou gekozen|Nu populair',
  pt: 'Recomendações|Anterior|Seguinte|{from} a {to} de {of}|{of} recomendações|Porque viu {title}|Com base no que viu|Combina com isto|Escolhido para si|Popular agora',
  pl: 'Polecane|Wstecz|Dalej|{from}–{to} z {of}|Polecane: {of}|Bo oglądasz {title}|Na podstawie oglądanych|Pasuje do tego|Wybrane dla Ciebie|Popularne teraz',
  he: 'המלצות|הקודם|הבא|{from} עד {to} מתוך {of}|{of} המלצות|כי צפית ב־{title}|לפי מה שצפית|מתאים לזה|נבחר בשבילך|פופולרי עכשיו',
  ar: 'توصيات|السابق|التالي|{from} إلى {to} من {of}|التوصيات: {of}|لأنك شاهدت {title}|بناءً على ما شاهدته|يناسب هذا|اختير لك|رائج الآن',
}

/** Phrases for a BCP 47 tag such as `de-AT`; English where the language is not known. */
export function wordsFor(language: string | undefined): Words {
  const primary = language?.split('-')[0]?.toLowerCase() ?? 'en'
  const row = (Object.hasOwn(LANGUAGES, primary) ? LANGUAGES[primary] : LANGUAGES.en) ?? ''
  const phrases = row.split('|')
  return Object.fromEntries(ORDER.map((key, index) => [key, phrases[index] ?? ''])) as unknown as Words
}

/** Puts values into a phrase's `{…}`. */
export function say(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replace(/\{(\w+)\}/gu, (whole, key: string) =>
    Object.hasOwn(values, key) ? String(values[key]) : whole,
  )
}
