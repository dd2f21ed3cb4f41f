import type Native from 'better-sqlite3'
import fs from 'node:fs'
import type * as Sqlite from 'node:sqlite'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

export type Connection = Native.Database

export interface DatabaseOptions {
  /** How long it waits for another writer, in milliseconds. */
  timeout: number
  readonly?: boolean
  fileMustExist?: boolean
}

/**
 * The runtime's own SQLite with the face of better-sqlite3's that the catalog uses, for where the native code does not
 * load. Slower, and an experiment to Node: nothing that is to be kept is written with it.
 * @returns null where the runtime has none (before Node 22.16)
 */
export function openRuntimeDatabase(filePath: string, options: DatabaseOptions): Connection | null {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined
  if (sqlite === undefined || !('setReturnArrays' in sqlite.StatementSync.prototype)) return null
  if (options.fileMustExist === true && !fs.existsSync(filePath))
    throw Object.assign(new Error('unable to open database file'), { code: 'SQLITE_CANTOPEN' })
  const database = new sqlite.DatabaseSync(filePath, {
    timeout: options.timeout,
    readOnly: options.readonly ?? false,
  })
  return new RuntimeDatabase(database) as unknown as Connection
}

type Parameters = readonly (SQLInputValue | readonly SQLInputValue[] | Record<string, SQLInputValue>)[]
type Used = 'prepare' | 'exec' | 'close' | 'pragma' | 'function' | 'transaction'

class RuntimeDatabase implements Record<Used, unknown> {
  private depth = 0

  constructor(private readonly database: DatabaseSync) {}

  get inTransaction(): boolean {
    return this.database.isTransaction
  }

  prepare(source: string): RuntimeStatement {
    return new RuntimeStatement(this.database.prepare(source))
  }

  exec(source: string): this {
    this.database.exec(source)
    return this
  }

  close(): this {
    if (this.database.isOpen) this.database.close()
    return this
  }

  pragma(source: string, { simple = false }: Native.PragmaOptions = {}): unknown {
    const statement = this.prepare(`PRAGMA ${source}`)
    return simple ? statement.pluck().get() : statement.all()
  }

  function(
    name: string,
    { deterministic = false }: Native.RegistrationOptions,
    work: (value: unknown) => unknown,
  ): this {
    this.database.function(name, { deterministic }, work as (value: unknown) => SQLInputValue)
    return this
  }

  transaction<Input extends unknown[], Output>(work: (...input: Input) => Output) {
    const kind =
      (begin: string) =>
      (...input: Input) =>
        this.within(begin, () => work(...input))
    return Object.assign(kind('BEGIN'), {
      deferred: kind('BEGIN DEFERRED'),
      immediate: kind('BEGIN IMMEDIATE'),
      exclusive: kind('BEGIN EXCLUSIVE'),
    })
  }

  /** A transaction inside of another is a part of it that can be undone by itself. */
  private within<Output>(begin: string, work: () => Output): Output {
    const isInner = this.database.isTransaction
    const name = `inner_${++this.depth}`
    this.database.exec(isInner ? `SAVEPOINT ${name}` : begin)
    try {
      const result = work()
      this.database.exec(isInner ? `RELEASE ${name}` : 'COMMIT')
      return result
    } catch (error) {
      // Some errors have ended the transaction already.
      if (this.database.isTransaction) this.database.exec(isInner ? `ROLLBACK TO ${name}; RELEASE ${name}` : 'ROLLBACK')
      throw error
    } finally {
      this.depth--
    }
  }
}

/** What a row is answered as. */
type Shape = 'object' | 'array' | 'first'

class RuntimeStatement {
  private shape: Shape = 'object'

  constructor(private readonly statement: StatementSync) {
    // A statement is given more names than it has, as better-sqlite3 allows.
    statement.setAllowUnknownNamedParameters(true)
  }

  pluck(): this {
    return this.answerAs('first')
  }

  raw(): this {
    return this.answerAs('array')
  }

  run(...values: Parameters) {
    return this.statement.run(...spread(values))
  }

  get(...values: Parameters): unknown {
    const row = this.statement.get(...spread(values))
    return row === undefined ? undefined : this.rowOf(row)
  }

  all(...values: Parameters): unknown[] {
    return this.statement.all(...spread(values)).map((row) => this.rowOf(row))
  }

  *iterate(...values: Parameters): IterableIterator<unknown> {
    for (const row of this.statement.iterate(...spread(values))) yield this.rowOf(row)
  }

  private answerAs(shape: Shape): this {
    this.shape = shape
    this.statement.setReturnArrays(shape !== 'object')
    return this
  }

  private rowOf(row: object): unknown {
    if (this.shape === 'first') return valueOf((row as unknown[])[0])
    if (this.shape === 'array') return (row as unknown[]).map(valueOf)
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueOf(value)]))
  }
}

/** Bytes are answered as a Buffer by better-sqlite3. */
function valueOf(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

/** Values may come as lists, and the names first. */
function spread(values: Parameters): SQLInputValue[] {
  return values.flat() as SQLInputValue[]
}
