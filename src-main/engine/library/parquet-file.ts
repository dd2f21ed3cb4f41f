import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter, type ColumnSource } from 'hyparquet-writer'
import type { ExportColumn, ExportType, ExportValue } from '../../catalog'
import type { PourTarget } from '../../sinks/pour'

/** Rows that are packed together: what a reader skips or reads as one. */
const GROUP_ROWS = 100_000

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

const STORED: Record<ExportType, Pick<SchemaElement, 'type' | 'converted_type'>> = {
  integer: { type: 'INT64' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
}

/** Collects a group of rows, and hands it on. */
class SinkWriter extends ByteWriter {
  constructor(private readonly file: PourTarget) {
    super(1 << 16)
  }

  flush(): void {
    if (this.index > 0) this.file.write(this.getBytes(), this.offset - this.index)
    this.index = 0
  }

  override finish(): void {
    this.flush()
    this.file.setLength(this.offset)
  }
}

/**
 * Writes a table as Parquet, packed by zstd, a group of rows at a time.
 * @returns how many rows there were
 */
export async function writeParquet(
  file: PourTarget,
  columns: readonly ExportColumn[],
  rows: Iterable<readonly ExportValue[]>,
  checkpoint: () => void | Promise<void>,
): Promise<number> {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type, isOptional }): SchemaElement => ({
      name,
      ...STORED[type],
      repetition_type: isOptional === true ? 'OPTIONAL' : 'REQUIRED',
    })),
  ]
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) }
  const writer = new ParquetWriter({
    writer: new SinkWriter(file),
    schema,
    codec: 'ZSTD',
    compressors,
    createdBy: 'Isolde',
  })
  const types = columns.map(({ type }) => type)
  let total = 0
  let group: unknown[][] = columns.map(() => [])
  const flush = async (): Promise<void> => {
    const wait = checkpoint()
    if (wait) await wait
    const columnData = columns.map(({ name }, at): ColumnSource => ({ name, data: group[at] ?? [] }))
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS })
    group = columns.map(() => [])
  }
  for (const row of rows) {
    for (let at = 0; at < types.length; at++) group[at]?.push(stored(row[at] ?? null, types[at] ?? 'text'))
    if (++total % GROUP_ROWS === 0) await flush()
  }
  if (total % GROUP_ROWS > 0 || total === 0) await flush()
  await writer.finish()
  return total
}

function stored(value: ExportValue, type: ExportType): ExportValue | bigint {
  // A time may be given in fractions of a millisecond.
  return typeof value === 'number' && (type === 'integer' || type === 'time') ? BigInt(Math.floor(value)) : value
}
