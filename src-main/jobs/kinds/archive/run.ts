import fs from 'node:fs'
import path from 'node:path'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import type { JobSummary } from '../../../../src-shared/model'
import { archiveImage, freeFilePath, stemOf } from '../from-image/extract-image'
import type { OpenedLocation } from '../from-image/image-source'
import type { JobOutcome, JobTask } from '../job-kind'
import type { ArchiveSpec } from './spec'

/** What the words mean to those who pack. */
const LEVELS = { store: 0, fast: 1, best: 9 } as const

/** Throws as {@link archiveImage} does. */
export async function runArchiving(spec: ArchiveSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'archive'>>> {
  const opened = await task.open(spec.source)
  try {
    const { format } = spec
    const target = freeFilePath(spec.destination, spec.name ?? (await archiveStem(spec, opened)), format)
    // What was made is the archive: how large that is, whatever went into it.
    const outcomeOf = (written: JobSummary, byteLength: number): JobOutcome<JobResultOf<'archive'>> => ({
      result: { kind: 'archive', ...written, bytesWritten: byteLength },
      destination: target,
    })
    const written = await archiveImage({
      opened,
      view: opened.image.view(spec.view),
      knownHashes: task.knownHashes(opened, spec.source, spec.view),
      selection: { paths: spec.paths, ...(spec.children ? { children: spec.children } : {}) },
      layout: { kind: spec.paths === null || spec.keepPaths ? 'full' : 'selected' },
      control: task,
      onOutcome: (outcome) => {
        task.problem(outcome)
      },
      format,
      ...(spec.level === 'normal' ? {} : { level: LEVELS[spec.level] }),
      target,
      ...(task.secret === null ? {} : { password: task.secret }),
      onReady: (file, whole) => {
        task.ready(outcomeOf(whole, file.byteLength), file)
      },
    })
    return outcomeOf(written, fs.statSync(target).size)
  } finally {
    await opened.close()
  }
}

/** What is taken alone names the archive; else the image does. A folder's name has no extension to lose. */
async function archiveStem(spec: ArchiveSpec, opened: OpenedLocation): Promise<string> {
  const [only, ...others] = spec.paths ?? []
  if (only === undefined || others.length > 0) return stemOf(opened.image.info.name)
  const name = path.posix.basename(only)
  const located = await opened.image.view(spec.view).lookup(only)
  return located?.entry.kind === 'directory' ? name : stemOf(name)
}
