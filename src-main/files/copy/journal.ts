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
  /** The names that steps have got, by their number, where they are not those that were planned. */
  renamed: Map<number, string>
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

/**
 * Notes that a step has got another name than it was to have. Where that cannot be written, a process that goes on does
 * not find the copy, and removes nothing for it.
 */
export function noteRenamed(stage: string, at: number, target: string): void {
  try {
    fs.appendFileSync(systemPath(path.join(stage, NAME)), `${JSON.stringify({ renamed: at, target })}\n`)
  } catch {
    // A disk that is full.
  }
}

/** Null where there is none: what is in the stage is then not whole. */
export function readJournal(stage: string): Journal | null {
  let text: string
  try {
    text = fs.readFileSync(systemPath(path.join(stage, NAME)), 'utf8')
  } catch {
    return null
  }
  const journal: Journal = { steps: [], copied: new Map(), problems: [], done: null, renamed: new Map() }
  for (const line of text.split('\n')) {
    if (line === '') continue
    const value = valueOf(line)
    if (value === null) break
    if ('step' in value) journal.steps.push(value.step)
    else if ('problem' in value) journal.problems.push(value.problem)
    else if ('done' in value) journal.done = value.done
    else if ('renamed' in value) journal.renamed.set(value.renamed, value.target)
    else {
      const list = journal.copied.get(value.of) ?? []
      journal.copied.set(value.of, list)
      list.push(value.copied)
    }
  }
  return journal
}

type Line =
  | { step: CopyStep }
  | { problem: EntryOutcome }
  | { done: DoneSoFar }
  | { of: number; copied: Copied }
  | { renamed: number; target: string }

/** Null for the last one, where a process ended while it noted something: all that was written before is whole. */
function valueOf(line: string): Line | null {
  try {
    return JSON.parse(line, fromText) as Line
  } catch {
    return null
  }
}

function* linesOf({ steps, copied, problems, done }: Journal): Generator<Line> {
  for (const step of steps) yield { step }
  for (const problem of problems) yield { problem }
  if (done !== null) yield { done }
  for (const [of, list] of copied) for (const one of list) yield { of, copied: one }
}

/** JSON has no whole numbers of 64 bits. */
const NUMBERS = new Set(['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'])

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function fromText(key: string, value: unknown): unknown {
  return NUMBERS.has(key) && typeof value === 'string' ? BigInt(value) : value
}
