import { isCancelled } from './api'
import { IsoldeError, toErrorShape, type ErrorCode } from '../../src-shared/contract'
import {
  DIAGNOSTICS,
  isReason,
  REASONS,
  type Check,
  type Details,
  type Reason,
  type Said,
} from '../../src-shared/model'
import { formatBytes } from '../base/format'
import { isEnglish, locale, t, te } from '../base/locales'
import { useSettings } from './stores/settings'
import { useToasts } from './stores/toasts'

/** Of an error that the window itself raises: its sentence is in the person's language already. */
const WORDED: Details = { isWorded: true }

/** An error that the window raises. @param message in its own language */
export function worded(code: ErrorCode, message: string): IsoldeError {
  return new IsoldeError(code, message, WORDED)
}

/**
 * An error, a problem of a job, a diagnostic or a check in the language of the window, as one sentence. The only way from
 * these to words: by the reason, with its parameters, where there is one; else by the code. What says more in English than
 * its code does, says it to those who read English.
 */
export function wordsOf({ code, message, details }: Said): string {
  const habit = details?.isHabit === true && !isEnglish.value ? ` ${t('errors.habit')}` : ''
  if (details?.isWorded === true) return message
  if (isReason(details?.reason)) {
    const parameters = parametersOf(details.reason, details)
    if (parameters) return t(`errors.reasons.${details.reason}`, parameters)
  }
  const key = keyOf(code ?? '')
  if (key !== null && (message === '' || !isEnglish.value)) return t(key) + habit
  return message || t('error.unknown')
}

/** Where the sentence of a code is; null where it has none. */
function keyOf(code: string): string | null {
  if (te(`errors.codes.${code}`)) return `errors.codes.${code}`
  return Object.hasOwn(DIAGNOSTICS, code) ? `errors.diagnostics.${DIAGNOSTICS[code as keyof typeof DIAGNOSTICS]}` : null
}

/** Null where one is not what it should be: a job that an earlier version has kept may know less. */
function parametersOf(reason: Reason, details: Details): Record<string, string | number> | null {
  const written: Record<string, string | number> = {}
  for (const [name, kind] of Object.entries(REASONS[reason])) {
    const value = details[name]
    if (kind === 'text' && typeof value === 'string') written[name] = value
    else if (kind === 'count' && typeof value === 'number') written[name] = value
    else if (kind === 'bytes' && typeof value === 'number')
      written[name] = formatBytes(value, useSettings().units, locale.value)
    else if (kind === 'said' && isSaid(value)) written[name] = wordsOf(value)
    else if (kind === 'list' && Array.isArray(value) && value.every(isSaid))
      written[name] = value.map(wordsOf).join(t('errors.separator'))
    else return null
  }
  return written
}

function isSaid(value: unknown): value is Said {
  return typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string'
}

/** What a check of an image has shown. */
export function wordsOfCheck({ kind, verdict, detail, details }: Omit<Check, 'kind'> & { kind: string }): string {
  const name = `errors.checkKinds.${kind}`
  if (isEnglish.value || isReason(details?.reason) || !te(name)) return wordsOf({ message: detail, details })
  return t(`errors.checks.${verdict}`, { kind: t(name) })
}

/** What to do about an error, where there is something. The sentence says what happened and to which file. */
export function adviceFor(code: ErrorCode): string | null {
  const key = `advice.${code}`
  return te(key) ? t(key) : null
}

/** Says what went wrong, and what to do now, in the corner of the window. */
export function report(error: unknown): void {
  if (isCancelled(error)) return
  const shape = toErrorShape(error)
  // What is not possible here is no fault.
  const tone = shape.code === 'UNSUPPORTED_HERE' ? 'note' : 'error'
  useToasts().show({ tone, title: wordsOf(shape), detail: adviceFor(shape.code) ?? undefined })
}

/** What went wrong as one sentence, whatever was thrown. */
export function sentence(error: unknown): string {
  return wordsOf(toErrorShape(error))
}

/** What went wrong, and what to do about it, where that is said in the place itself. */
export function explain(error: unknown): string {
  const shape = toErrorShape(error)
  return [wordsOf(shape), adviceFor(shape.code)].filter(Boolean).join(' ')
}

/** Runs something whose failure is told and goes no further. */
export async function reportErrors<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work()
  } catch (error) {
    report(error)
    return null
  }
}
