/**
 * Marks that a reader may leave out: the accents of Latin, Greek and Cyrillic letters, Hebrew points and Arabic vowel signs. Marks of
 * other scripts are letters in all but name: a vowel of Hindi or Thai, or what makes は into ば (U+3099).
 */
const OPTIONAL_MARK =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]/g
/** Letters with a stroke or grown together, which Unicode does not take apart. */
const PLAIN: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ŧ: 't', æ: 'ae', œ: 'oe' }
const NOT_PLAIN = /[øłđħŧæœ]/g

/** Invisible (joiners, soft hyphens, marks of direction, variation selectors), and what stretches an Arabic word. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u0640]/gu
/** Zeros of the decimal digits that people have on a keyboard; NFKC knows the full-width ones. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50]
const FOREIGN_DIGIT = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]/g

const digit = (char: string) => {
  const code = char.charCodeAt(0)
  return String(code - (ZEROS.find((zero) => code >= zero && code < zero + 10) ?? code))
}

/**
 * Case folding by what JavaScript has. Down first, or ẞ would stay itself; up makes ß into SS; down again. The dot that İ leaves
 * behind goes, and the final sigma is a sigma.
 */
const foldCase = (text: string) =>
  text.toLowerCase().toUpperCase().toLowerCase().replaceAll('i\u0307', 'i').replaceAll('ς', 'σ')

const foldMarks = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(OPTIONAL_MARK, '')
    .replaceAll(NOT_PLAIN, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC')

/** Quotes and full stops stand inside of words (don't, U.S.A.) and leave no gap. Between digits a point or comma is the number's. */
const SEAMLESS = /['’‘ʼ`"“”„«»‹›׳״]|(?<!\d)\.|\.(?!\d)/g
/** A dash is a minus before a number that nothing stands before; all others part words. */
const DASH = /(?<=[\p{L}\p{N}])-|-(?!\d)/gu
/** Signs that are part of a name (C#, AC/DC, R&B, @home, 50%) stay; so do all that Unicode calls symbols (C++). */
const PARTING = /(?<!\d),|,(?!\d)|[\p{P}--[#@%\&*\/\\\-.,]]/gv
/** Where words are written without spaces, a space means nothing. */
const IDLE_SPACE =
  /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]) | (?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/gu

const foldPunctuation = (text: string) =>
  text
    .replaceAll('\u2044', '/')
    .replaceAll(/\p{Pd}|\u2212/gu, '-')
    .replaceAll(/(?<![\p{L}\p{N}.])\.(?=\d)/gu, '0.')
    .replaceAll(DASH, ' ')
    .replaceAll(SEAMLESS, '')
    .replaceAll(PARTING, ' ')

const foldSpaces = (text: string) => text.replaceAll(/\s+/g, ' ').trim().replaceAll(IDLE_SPACE, '')

/**
 * What is compared of a typed answer (leases-quiz.md Q9): NFKC, without case, spaces around it, doubled spaces and punctuation, and,
 * if they are ignored, without diacritics. A text of nothing but punctuation keeps it; one of invisible characters is empty.
 */
export function foldTyped(text: string, { diacritics }: { diacritics: 'ignore' | 'keep' }): string {
  const visible = text.normalize('NFKC').replaceAll(INVISIBLE, '').replaceAll(FOREIGN_DIGIT, digit)
  const cased = foldCase(visible)
  const marked = diacritics === 'ignore' ? foldMarks(cased) : cased
  return foldSpaces(foldPunctuation(marked)) || foldSpaces(marked)
}
