import { z } from 'zod'
import { ERROR_CODES } from './errors'

export const errorShape = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** A result that crosses a boundary: the value, or an error with a stable code. Never a thrown string. */
export const resultEnvelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorShape }),
])
export type ResultEnvelope = z.infer<typeof resultEnvelope>

/** What a window sends: a command, or the wish to stop waiting for one. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('command'), id: z.number().int().nonnegative(), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: z.number().int().nonnegative() }),
])
export type ClientMessage = z.infer<typeof clientMessage>

/** What the engine sends: the answer to a command, or an event. */
export const engineMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: z.number().int().nonnegative(), result: resultEnvelope }),
  z.object({ type: z.literal('event'), name: z.string(), payload: z.unknown() }),
])
export type EngineMessage = z.infer<typeof engineMessage>
