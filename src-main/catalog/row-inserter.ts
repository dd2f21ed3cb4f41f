import type { Connection } from './database'

/** Rows of one statement: from here on more of them save nothing, and fewer pay a call for each. */
const ROWS_AT_ONCE = 16

type Value = number | string | null

/** Inserts rows of a table, many with one statement: calling it takes as long as storing a row. */
export class RowInserter {
  private readonly insertMany: { run(values: readonly Value[]): unknown }
  private readonly insertOne: { run(values: readonly Value[]): unknown }
  private readonly width: number
  private values: Value[] = []

  constructor(database: Connection, table: string, columns: readonly string[]) {
    const row = `(${columns.map(() => '?').join(', ')})`
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES`
    this.insertMany = database.prepare(`${insert} ${Array<string>(ROWS_AT_ONCE).fill(row).join(', ')}`)
    this.insertOne = database.prepare(`${insert} ${row}`)
    this.width = columns.length
  }

  /** Forgets rows of a transaction that came to nothing. */
  begin(): void {
    this.values = []
  }

  /** Stored now or with the rows that follow: {@link flush} before the transaction ends. */
  add(...values: Value[]): void {
    for (const value of values) this.values.push(value)
    if (this.values.length < ROWS_AT_ONCE * this.width) return
    this.insertMany.run(this.values)
    this.values = []
  }

  flush(): void {
    const { values, width } = this
    this.values = []
    for (let at = 0; at < values.length; at += width) this.insertOne.run(values.slice(at, at + width))
  }
}
