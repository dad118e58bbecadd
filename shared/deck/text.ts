import { z } from 'zod'

/** Controls and line separators; hostile in logs, headers and tables. A block of text may have line feeds and tabs. */
const HOSTILE_LINE = /[\p{Cc}\p{Zl}\p{Zp}]/u
const HOSTILE_BLOCK = /[[\p{Cc}\p{Zl}\p{Zp}]--[\n\t]]/v

const isSound = (text: string, hostile: RegExp) => text.isWellFormed() && !hostile.test(text)
const MESSAGE = 'has control characters or broken unicode'

/** Text of several lines, kept without spaces around it and with LF line ends. */
export const blockSchema = (max: number) =>
  z
    .string()
    .max(max)
    .overwrite((text) => text.replaceAll(/\r\n?/g, '\n').trim())
    .refine((text) => isSound(text, HOSTILE_BLOCK), MESSAGE)

/** Text of one line, not blank, kept without spaces around it. */
export const lineSchema = (max: number) =>
  z
    .string()
    .max(max)
    .overwrite((text) => text.trim())
    .min(1)
    .refine((text) => isSound(text, HOSTILE_LINE), MESSAGE)

/** Whether no two of them are the same. */
export const isDistinct = (values: readonly (string | number)[]) => new Set(values).size === values.length
