import { isCancelled } from './api'
import { toErrorShape, type ErrorCode, type ErrorShape } from '../../src-shared/contract'
import { t, te } from '../base/locales'
import { useToasts } from './stores/toasts'

/** What to do about an error, where there is something. The message itself says what happened and to which file. */
export function adviceFor(code: ErrorCode): string | null {
  const key = `advice.${code}`
  return te(key) ? t(key) : null
}

/** Says what went wrong, and what to do now, in the corner of the window. */
export function tell(error: unknown): void {
  if (isCancelled(error)) return
  const shape = toErrorShape(error)
  useToasts().show({ tone: 'error', title: sentence(shape), detail: adviceFor(shape.code) ?? undefined })
}

/** The error as one sentence. */
export function sentence(error: ErrorShape): string {
  return error.message || t('error.unknown')
}

/** Runs something whose failure is told and goes no further. */
export async function reportErrors<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work()
  } catch (error) {
    tell(error)
    return null
  }
}
