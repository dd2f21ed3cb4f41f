import { z } from 'zod'
import { JOB_PHASES, JOB_STATES } from '../../model'
import { conflictAnswer, conflictQuestion, count, details, entryOutcome } from '../shapes'
import { jobContracts } from './registry'

export { driveIdentity } from './parts'
export { ARCHIVE_LEVELS, type ArchiveLevel } from './archive'
export { FINDS_TOLD, type FoundImage } from './find'
export { REDUNDANCY } from './protect'
export { LOSS_LIMIT, type RescueReport } from './rescue'
export { DAMAGED_LIMIT, REPORT_LIMIT, MAP_CELLS, CELL_STATES, trustReport, type TrustReport } from './verify'
export * from './image-more'
export { IMAGE_PRESETS, VOLUME_LABEL_LIMIT, type ImagePreset } from './create'

type Contracts = typeof jobContracts
export type JobKindId = keyof Contracts

/** What a window says to start a job of one kind. */
export type JobStartOf<Kind extends JobKindId> = { kind: Kind; spec: z.output<Contracts[Kind]['start']> }
type JobStartInputOf<Kind extends JobKindId> = { kind: Kind; spec: z.input<Contracts[Kind]['start']> }
/** As a caller writes it: defaults may be left out. */
export type JobStartSpec<Kind extends JobKindId> = JobStartInputOf<Kind>['spec']
export type JobStart = { [Kind in JobKindId]: JobStartOf<Kind> }[JobKindId]
type JobStartInput = { [Kind in JobKindId]: JobStartInputOf<Kind> }[JobKindId]

/** What a job of one kind came to. */
export type JobResultOf<Kind extends JobKindId> = { kind: Kind } & z.output<Contracts[Kind]['result']>
export type JobResult = { [Kind in JobKindId]: JobResultOf<Kind> }[JobKindId]

const starts = Object.entries(jobContracts).map(([kind, { start }]) =>
  z.object({ kind: z.literal(kind), spec: start as z.ZodType }),
)
const results = Object.entries(jobContracts).map(([kind, { result }]) =>
  (result as z.ZodObject).extend({ kind: z.literal(kind) }),
)

/** Discriminated by `kind`; the list is the registry's. */
export const jobStart = z.discriminatedUnion('kind', oneAtLeast(starts)) as unknown as z.ZodType<
  JobStart,
  JobStartInput
>
export const jobResult = z.discriminatedUnion('kind', oneAtLeast(results)) as unknown as z.ZodType<JobResult, JobResult>

/** What a job asks the person. */
export const jobQuestion = z.discriminatedUnion('kind', [conflictQuestion.extend({ kind: z.literal('conflict') })])
export const jobAnswer = conflictAnswer.extend({ kind: z.literal('conflict').default('conflict') })
export type JobAnswer = z.output<typeof jobAnswer>

/** A sentence as code and parameters, worded by the window. */
export const jobMessage = z.object({ code: z.string(), parameters: z.record(z.string(), z.union([z.string(), count])) })

/** Why a job failed: see `REASONS`. */
export const jobProblem = z.object({ code: z.string(), message: z.string(), details: details.optional() })

export const jobSnapshot = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(JOB_STATES),
  title: jobMessage,
  sourceName: z.string(),
  destination: z.string(),
  position: z.number(),
  bytesDone: count,
  bytesTotal: count,
  entriesDone: count,
  entriesTotal: count,
  current: z.string(),
  isCounting: z.boolean().optional(),
  phase: z.enum(JOB_PHASES).optional(),
  isSilent: z.boolean().optional(),
  bytesPerSecond: z.number().nonnegative(),
  entriesPerSecond: z.number().nonnegative().optional(),
  secondsLeft: z.number().nonnegative().nullable(),
  question: jobQuestion.nullable(),
  result: jobResult.nullable(),
  problems: z.array(entryOutcome),
  isPart: z.boolean().optional(),
  canRetryFailed: z.boolean().optional(),
  error: jobProblem.nullable(),
  createdAt: z.number(),
})

function oneAtLeast<Schema>(schemas: Schema[]): [Schema, ...Schema[]] {
  return schemas as [Schema, ...Schema[]]
}
