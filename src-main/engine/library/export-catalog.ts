import fs from 'node:fs'
import path from 'node:path'
import { connect, EXPORT_TABLES, exportedImages, prepareCatalog, releaseCatalog } from '../../catalog'
import { makeFolders } from '../../sinks/make-folders'
import { makeWholeFile } from '../../sinks/atomic-file'
import { makeWholeFiles } from '../../sinks/whole-files'
import { IsoldeError } from '../../../src-shared/contract/errors'
import type { Control } from '../../task'
import { writeParquet } from './parquet-file'

/** Enough that a file is worth opening, few enough that a reader takes several at once. */
const IMAGES_A_PART = 1000
/** Written last: where it is, all the others are. */
const MANIFEST = 'export.json'

/** What was written. */
export interface CatalogExported {
  path: string
  images: number
  /** Files of each table. */
  parts: number
  /** By table. */
  rows: Record<string, number>
}

/**
 * Writes the whole catalog of a profile as Parquet: a file for each table and each thousand images. What it shows is the
 * catalog at one moment, whoever writes to it meanwhile.
 * @param home the profile folder
 * @param target a folder, made where it is not there; one that holds an export already is not written into
 * @throws {IsoldeError} `CATALOG_OFF` where the profile cannot be used, `NAME_TAKEN`
 * @throws {SinkError} whatever the disk says; nothing of the export stays then
 */
export async function exportCatalog(home: string, target: string, control: Control): Promise<CatalogExported> {
  const catalog = prepareCatalog(path.join(home, 'catalog.sqlite'))
  try {
    if (!catalog.isPersistent) throw new IsoldeError('CATALOG_OFF', catalog.problem ?? 'There is no catalog to export.')
    const database = connect(catalog.path, 'read')
    const written: string[] = []
    try {
      assertNoExport(target)
      makeFolders(target)
      database.exec('BEGIN')
      const images = exportedImages(database)
      const parts = Math.max(1, Math.ceil(images.length / IMAGES_A_PART))
      const rows: Record<string, number> = Object.fromEntries(EXPORT_TABLES.map(({ name }) => [name, 0]))
      for (let part = 0; part < parts; part++) {
        const own = images.slice(part * IMAGES_A_PART, (part + 1) * IMAGES_A_PART)
        const names = EXPORT_TABLES.map(({ name }) => path.join(target, partName(name, part)))
        await makeWholeFiles(names, async (files) => {
          for (const [at, table] of EXPORT_TABLES.entries()) {
            const file = files[at]
            if (file === undefined) continue
            const count = await writeParquet(file, table.columns, table.rows(database, own), () => control.checkpoint())
            rows[table.name] = (rows[table.name] ?? 0) + count
          }
        })
        written.push(...names)
      }
      const result = { path: target, images: images.length, parts, rows }
      const manifest = Buffer.from(
        `${JSON.stringify({ version: 1, exported: new Date().toISOString(), ...result, path: undefined }, null, 2)}\n`,
      )
      await makeWholeFile(path.join(target, MANIFEST), (_, file) => {
        file.write(manifest, 0)
        return Promise.resolve()
      })
      return result
    } catch (error) {
      for (const name of written) fs.rmSync(name, { force: true })
      throw error
    } finally {
      database.close()
    }
  } finally {
    releaseCatalog(catalog)
  }
}

/** As `entries-0001.parquet`. */
function partName(table: string, part: number): string {
  return `${table}-${String(part + 1).padStart(4, '0')}.parquet`
}

function assertNoExport(target: string): void {
  const names = fs.existsSync(target) && fs.statSync(target).isDirectory() ? fs.readdirSync(target) : []
  const there = names.find((name) => name === MANIFEST || EXPORT_TABLES.some((table) => isPartOf(name, table.name)))
  if (there !== undefined)
    throw new IsoldeError(
      'NAME_TAKEN',
      `${target} holds an export already (“${there}”). Name another folder, or empty that one.`,
    )
}

function isPartOf(name: string, table: string): boolean {
  return name.startsWith(`${table}-`) && name.endsWith('.parquet')
}
