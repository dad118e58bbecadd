/** Tags that part lines as people see them. */
const BREAK = /^(?:br|p|div|li|ul|ol|tr|h[1-6]|hr|blockquote|table|pre)$/
/** Elements whose content is no text. */
const DUMB = /^(?:script|style|head|template|iframe|object|svg|noscript|title)$/

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  times: '×',
  middot: '·',
  deg: '°',
  euro: '€',
  rarr: '→',
  larr: '←',
}

/** The character of an entity; an unknown one stays as it is written. */
function decoded(entity: string, name: string): string {
  if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? entity) : entity
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  const isControl = (code < 0x20 && code !== 9 && code !== 10) || (code >= 0x7f && code < 0xa0)
  const isCharacter = !isControl && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : ''
}

/** Once over the text: what a replacement makes is never looked at again, so `&amp;lt;` is `&lt;`. */
const decodeEntities = (text: string) => text.replaceAll(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, decoded)

/** Where the tag that begins at `start` ends; a `>` in a quoted attribute is none of its end. Open tags go to the text's end. */
function endOfTag(html: string, start: number): number {
  let quote = ''
  for (let at = start + 1; at < html.length; at++) {
    const char = html.charAt(at)
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '>') return at + 1
    else if ((char === '"' || char === "'") && html.charAt(at - 1) === '=') quote = char
  }
  return html.length
}

/** Where what follows `from` ends with `close`, in lower case as `lower` is; the text's end if it never does. */
const endOf = (lower: string, close: string, from: number) => {
  const at = lower.indexOf(close, from)
  return at < 0 ? lower.length : at + close.length
}

/**
 * The text of HTML: tags, comments, scripts and styles go, line breaks stay, entities are decoded, and Anki's `[sound:…]` goes. In
 * one pass without recursion or backtracking. The result is text, not HTML: it may well have a `<`, so it is shown as text.
 */
export function htmlToText(html: string): string {
  // Of ASCII alone: İ in lower case is longer, and places would not agree.
  const lower = html.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
  let text = ''
  let at = 0
  while (at < html.length) {
    const tag = html.indexOf('<', at)
    if (tag < 0) break
    text += decodeEntities(html.slice(at, tag))
    const [, slash, name = ''] = /^<(\/?)([a-z][a-z\d]*)/.exec(lower.slice(tag, tag + 24)) ?? []
    if (lower.startsWith('<!--', tag)) at = endOf(lower, '-->', tag + 4)
    else if (/^<[!?]/.test(lower.slice(tag, tag + 2))) at = endOf(lower, '>', tag)
    else if (name === '') {
      text += '<'
      at = tag + 1
    } else {
      at = endOfTag(html, tag)
      if (slash === '' && DUMB.test(name)) at = endOfTag(html, endOf(lower, `</${name}`, at) - 1)
      if (BREAK.test(name)) text += '\n'
    }
  }
  return tidied(text + decodeEntities(html.slice(at)))
}

const tidied = (text: string) =>
  text
    .replaceAll(/\[sound:[^\]\n]{0,256}\]/g, '')
    .replaceAll(/[^\S\n]+/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
