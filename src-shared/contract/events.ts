import { z } from 'zod'
import { checksumEvents } from './checksum-commands'
import { jobSnapshot } from './jobs'
import { projectEvents } from './project-commands'
import { count, imageInfo, settingsShape } from './shapes'

/** Everything the engine tells its windows without being asked: name → payload. */
export const events = {
  /** While an image is indexed, about ten times a second; `isDone` once per view. */
  'image.progress': z.object({
    image: count,
    generation: count,
    view: z.string(),
    entryCount: count,
    isDone: z.boolean(),
  }),
  /** The image's information grew: counts, diagnostics. */
  'image.changed': z.object({ image: count, generation: count, info: imageInfo }),
  /** A container that allows no random access is being unpacked before the image can open. */
  'image.unpacking': z.object({ path: z.string(), bytesDone: count, bytesTotal: count }),
  /** The image was closed by the engine: its file vanished or changed. */
  'image.gone': z.object({ image: count, message: z.string() }),
  /** A search that goes on, about ten times a second, and once when it is through. */
  'search.progress': z.object({ search: count, total: count, isDone: z.boolean(), isCut: z.boolean() }),
  /** What the library shows has changed: an image came, went, was indexed or described. */
  'library.changed': z.object({}),
  /** The catalog can no longer be used: from now on nothing is remembered, and images must be opened again. */
  'catalog.failed': z.object({ problem: z.string() }),
  /** The latest state of a job; only the newest counts. */
  'job.snapshot': jobSnapshot,
  'job.removed': z.object({ job: z.string() }),
  ...checksumEvents,
  ...projectEvents,
  'folder.changed': z.object({ path: z.string() }),
  'settings.changed': settingsShape,
  /** The file could not be read, and lies there now; the settings are what they were. */
  'settings.quarantined': z.object({ path: z.string() }),
  /** Sent by the host: the engine died and a new one answers; images must be opened again. */
  'engine.restarted': z.object({ reason: z.string() }),
  /** Sent by the host: the engine died so often that no other is started. What is asked from now on is refused. */
  'engine.stopped': z.object({
    reason: z.string(),
    /** How often, within a minute. */
    times: count,
    /** The file with all that is known of it. */
    log: z.string(),
  }),
  /** Another start of the program, or the system, wants these images opened. */
  'open.requested': z.object({ paths: z.array(z.string()) }),
  /** The engine wants bytes of a file that was dropped on the page; answered by `upload.slice`. */
  'upload.wanted': z.object({ request: count, upload: z.string(), byteOffset: count, byteLength: count }),
} as const

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<Name extends EventName> = z.output<Events[Name]>
