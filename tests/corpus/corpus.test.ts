import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkImage, readIndex } from './corpus-check'

const root = path.resolve(import.meta.dirname, '../..')
const own = path.join(root, 'tests/images')
const elsewhere = process.env.ISOLDE_CORPUS ?? path.join(root, '../shared/corpus')

const corpora = [
  { title: "the project's own images", folder: own, index: path.join(own, 'manifest.tsv') },
  { title: 'a corpus elsewhere', folder: elsewhere, index: path.join(elsewhere, 'INDEX.tsv') },
]

for (const { title, folder, index } of corpora) {
  describe.skipIf(!fs.existsSync(index))(title, () => {
    if (!fs.existsSync(index)) return
    for (const image of readIndex(index)) {
      test(image.name, async () => {
        const problems = await checkImage(folder, image)
        expect(problems.slice(0, 5)).toEqual([])
      })
    }
  })
}
