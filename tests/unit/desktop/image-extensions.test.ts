import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { IMAGE_EXTENSIONS } from '../../../src-main/desktop/image-extensions'
import { looksLikeImage } from '../../../src-main/files/image-names'

describe('the endings that the system is told of', () => {
  it.each(IMAGE_EXTENSIONS)('$extension is one that the engine takes', ({ extension, verbs }) => {
    expect(looksLikeImage(`disc.${extension}`) || looksLikeImage(`disc.iso.${extension}`)).toBe(true)
    // What is an image by its last ending alone has the verbs.
    expect(looksLikeImage(`disc.${extension}`)).toBe(verbs)
  })

  it('are all that the engine takes', () => {
    const source = fs.readFileSync('src-main/files/image-names.ts', 'utf8')
    const alternatives = /\\\.\(\?:(.*)\)\$\/i/.exec(source)?.[1]?.replace(/\(\?:[^)]*\)/g, '') ?? ''
    const plain = alternatives.split('|').filter((ending) => /^[a-z0-9]+$/.test(ending))
    expect(plain.length).toBeGreaterThan(15)
    expect(plain.filter((ending) => !IMAGE_EXTENSIONS.some(({ extension }) => extension === ending))).toEqual([])
  })
})
