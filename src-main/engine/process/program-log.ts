import fs from 'node:fs'
import path from 'node:path'
import pino, { type Logger } from 'pino'

/** The log of a profile. */
export const LOG_NAME = 'isolde.log'
/** One that is longer becomes the log before this one, in the place of the one before that: 10 MB at most. */
const BYTES_AT_MOST = 5 << 20
const { O_WRONLY, O_APPEND, O_CREAT } = fs.constants
/** Undefined on Windows, where it adds no bit: a pipe that nobody reads is not waited for. */
const APPEND_FLAGS = O_WRONLY | O_APPEND | O_CREAT | (fs.constants.O_NONBLOCK || 0)

/** What is written: `debug` has names of files and every command; the others have neither. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A word of `--log-level` or `ISOLDE_LOG`; null where it is none. */
export function logLevelOf(word: string | undefined): LogLevel | null {
  return LOG_LEVELS.find((level) => level === word) ?? null
}

/** What is known of an event besides its sentence: numbers, codes, kinds. */
export type LogFields = Record<string, string | number | boolean | null | undefined>

/**
 * What the program did and what went wrong with it, a line of JSON each, kept in the profile for whoever asks later. Hosts
 * and engine write into one file, a line in one write each. Never throws: a profile that cannot be written keeps nobody
 * from going on.
 */
export class ProgramLog {
  readonly path: string
  private readonly logger: Logger
  private isTold = false

  /**
   * @param home the profile folder
   * @param level the least that is written
   */
  constructor(home: string, level: LogLevel = 'info') {
    this.path = path.join(home, LOG_NAME)
    const options = {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    }
    // Opened for each line: whoever makes room, in whichever process, takes nobody's place.
    this.logger = pino(options, { write: (line: string) => this.append(line) })
  }

  /** Something went wrong with the program itself. */
  error(sentence: string, fields: LogFields = {}): void {
    this.logger.error(fields, sentence)
  }

  warn(sentence: string, fields: LogFields = {}): void {
    this.logger.warn(fields, sentence)
  }

  /** What was done, without a name of anybody's file. */
  info(sentence: string, fields: LogFields = {}): void {
    this.logger.info(fields, sentence)
  }

  /** Whatever helps, names of files too. */
  debug(sentence: string, fields: LogFields = {}): void {
    this.logger.debug(fields, sentence)
  }

  private append(line: string): void {
    try {
      const byteLength = fs.statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
      if (byteLength > BYTES_AT_MOST) fs.renameSync(this.path, `${this.path}.1`)
      const descriptor = fs.openSync(this.path, APPEND_FLAGS, 0o600)
      try {
        if (fs.fstatSync(descriptor).isFile()) fs.writeSync(descriptor, line)
        else this.reportNoFile()
      } finally {
        fs.closeSync(descriptor)
      }
    } catch (error) {
      // A pipe that nobody reads. Of everything else there is no place to say so.
      if ((error as { code?: string }).code === 'ENXIO') this.reportNoFile()
    }
  }

  private reportNoFile(): void {
    if (!this.isTold) process.stderr.write(`${this.path} is no ordinary file, so nothing is noted there. Remove it.\n`)
    this.isTold = true
  }
}
