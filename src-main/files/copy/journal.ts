import fs from 'node:fs'
import path from 'node:path'
import type { EntryOutcome } from '../../../src-shared/model'
import { syncFolder } from '../../sinks/placing'
import { systemPath } from '../../sinks/system-path'
import type { CopyStep } from './plan'
import type { DoneSoFar } from './tally'
import type { Copied } from './tree-copy'

/**
 * What is left to do once everything is whole in the stage: kept there, so that a process that goes on with the job does
 * the rest of the same steps instead of settling names anew among what was placed already.
 */
export interface Journal {
  steps: CopyStep[]
  /** What was copied for each step, by its number; empty where nothing is to be removed. */
  copied: Map<number, Copied[]>
  problems: EntryOutcome[]
  /** Null in one that an earlier version has written. */
  done: DoneSoFar | null
}

const NAME = 'journal'
const LINES_AT_ONCE = 1000

/** Written whole or not at all, and on the disk when this returns. @throws the system's error */
export function writeJournal(stage: string, journal: Journal): void {
  const unfinished = path.join(stage, `${NAME}.new`)
  const descriptor = fs.openSync(systemPath(unfinished), 'w', 0o600)
  try {
    let lines: string[] = []
    const flush = (): void => {
      fs.writeSync(descriptor, lines.join(''))
      lines = []
    }
    for (const line of linesOf(journal)) {
      lines.push(`${JSON.stringify(line, asText)}\n`)
      if (lines.length >= LINES_AT_ONCE) flush()
    }
    flush()
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
  fs.renameSync(systemPath(unfinished), systemPath(path.join(stage, NAME)))
  syncFolder(stage)
}

/** Null where there is none: what is in the stage is then not whole. */
export function readJournal(stage: string): Journal | null {
  let text: string
  try {
    text = fs.readFileSync(systemPath(path.join(stage, NAME)), 'utf8')
  } catch {
    return null
  }
  const journal: Journal = { steps: [], copied: new Map(), problems: [], done: null }
  for (const line of text.split('\n')) {
    if (line === '') continue
    const value = JSON.parse(line, fromText) as Line
    if ('step' in value) journal.steps.push(value.step)
    else if ('problem' in value) journal.problems.push(value.problem)
    else if ('done' in value) journal.done = value.done
    else {
      const list = journal.copied.get(value.of) ?? []
      journal.copied.set(value.of, list)
      list.push(value.copied)
    }
  }
  return journal
}

type Line = { step: CopyStep } | { problem: EntryOutcome } | { done: DoneSoFar } | { of: number; copied: Copied }

function* linesOf({ steps, copied, problems, done }: Journal): Generator<Line> {
  for (const step of steps) yield { step }
  for (const problem of problems) yield { problem }
  if (done !== null) yield { done }
  for (const [of, list] of copied) for (const one of list) yield { of, copied: one }
}

/** JSON has no whole numbers of 64 bits. */
const NUMBERS = new Set(['dev', 'ino', 'size', 'mtimeNs'])

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function fromText(key: string, value: unknown): unknown {
  return NUMBERS.has(key) && typeof value === 'string' ? BigInt(value) : value
}
