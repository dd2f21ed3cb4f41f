import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { freeName, nameRulesFor } from '../../../src-main/extract/safe-names'
import { copyTrees } from '../../../src-main/files/copy/copy-tree'
import type { CopyDecision, CopyRequest } from '../../../src-main/files/copy/request'
import type { EntryOutcome, JobSummary } from '../../../src-shared/model'
import { temporaryFolder } from '../support'

export interface Ran {
  summary: JobSummary
  outcomes: EntryOutcome[]
}

/**
 * Copies or moves with one answer for every conflict.
 * @param between called at every checkpoint
 * @param onProgress told of what is being worked on, also while sources are removed
 */
export async function run(
  paths: string[],
  destination: string,
  options: {
    move?: boolean
    decision?: CopyDecision
    between?: () => void | Promise<void>
    onProgress?: CopyRequest['progress']
    stageName?: string
  } = {},
): Promise<Ran> {
  const outcomes: EntryOutcome[] = []
  const rules = nameRulesFor(process.platform)
  const request: CopyRequest = {
    paths,
    destination,
    move: options.move ?? false,
    decide: () => options.decision ?? 'fail',
    freeName: (name, isTaken) => freeName(name, isTaken, rules),
    checkpoint: options.between ?? (() => undefined),
    progress: options.onProgress ?? (() => undefined),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...(options.stageName === undefined ? {} : { stageName: options.stageName }),
  }
  return { summary: await copyTrees(request), outcomes }
}

/** `files` by path below `folder`; folders between are made. */
export function plant(folder: string, files: Record<string, string>): string {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), content)
  }
  return folder
}

/** A second file system, where this computer has one that anybody may write to; else null. */
export function otherDisk(): string | null {
  const parent = '/dev/shm'
  if (!fs.existsSync(parent) || fs.statSync(parent).dev === fs.statSync(temporaryFolder()).dev) return null
  const folder = fs.mkdtempSync(path.join(parent, 'isolde-test-'))
  onTestFinished(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
