/** One step of the schema. Never changed once released: later wishes are later steps. */
export interface Migration {
  /** The `user_version` that the database has afterwards. */
  readonly version: number
  readonly name: string
  /** SQL statements, run in one transaction. `fold_name(text)` is there besides SQLite's own functions. */
  readonly up: string
}
