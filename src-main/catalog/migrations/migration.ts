/** One step of the schema. Never changed once released: later wishes are later steps. */
export interface Migration {
  /** The `user_version` that the database has afterwards. */
  readonly version: number
  readonly name: string
  /** The tables, indexes and triggers that it adds, with those that a table makes for itself. A database without one is damaged. */
  readonly makes: readonly string[]
  /** SQL statements, run in one transaction. `fold_name(text)` is there besides SQLite's own functions. */
  readonly up: string
}
