import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, planImage, PRESETS, writePlan, type AuthorOptions } from '../../src-main/author'
import { FileByteSource } from '../../src-main/files/file-byte-source'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'
import { makeRandomTree } from './random-tree'

const CONTROL = { checkpoint: () => undefined, progress: () => undefined }

function makeSource(): string {
  const source = path.join(temporaryFolder(), 'source')
  makeRandomTree(source, 5)
  fs.writeFileSync(path.join(source, 'large'), Buffer.alloc(2_000_000, 'large'))
  return source
}

async function make(options: Partial<AuthorOptions>, source = makeSource()): Promise<string> {
  const image = path.join(temporaryFolder(), 'made.iso')
  const all = { ...PRESETS.data, label: 'SUMS', date: 1e12, ...options }
  await writePlan(await planImage(collect([{ path: source, at: '' }]).root, all), image, CONTROL)
  return image
}

/** Flips one bit of the file’s content. */
function damage(image: string): void {
  const bytes = fs.readFileSync(image)
  const at = bytes.indexOf('largelargelarge')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  fs.writeFileSync(image, bytes)
}

function checkMd5(image: string): string {
  const { stdout, stderr } = spawnSync(
    'xorriso',
    ['-for_backup', '-indev', image, '-check_md5_r', 'sorry', '/', '--'],
    {
      encoding: 'utf8',
    },
  )
  return stdout + stderr
}

function checkImplanted(image: string): string {
  const { stdout, stderr } = spawnSync('checkisomd5', [image], { encoding: 'utf8' })
  return stdout + stderr
}

describe('sums inside an image', () => {
  itWith('xorriso', 'are the MD5 sums of every file that xorriso checks', async () => {
    const image = await make({ md5: true })
    expect(checkMd5(image)).toContain('File contents and their MD5 checksums match.')
    damage(image)
    expect(checkMd5(image)).toContain('MD5 MISMATCH')
  })

  itWith('xorriso', 'are the tags that xorriso finds when it reads the medium', async () => {
    const image = await make({ md5: true, udf: null })
    const { stdout } = spawnSync('xorriso', ['-md5', 'on', '-indev', image, '-check_media', 'use=indev', '--'], {
      encoding: 'utf8',
    })
    expect(stdout).toMatch(/MD5 tag range: .*\+ md5_match/)
  })

  itWith('implantisomd5', 'are implanted byte by byte as implantisomd5 does', async () => {
    const source = makeSource()
    const image = await make({ implantMd5: true }, source)
    const other = await make({}, source)
    run('implantisomd5', [other])
    expect(Buffer.compare(fs.readFileSync(image), fs.readFileSync(other))).toBe(0)
    expect(checkImplanted(image)).toContain('result is: PASS')
    damage(image)
    expect(checkImplanted(image)).toContain('result is: FAIL')
  })

  itWith('bsdtar', 'are a list in the root that sha256sum checks', async () => {
    const image = await make({ sha256sums: true })
    const folder = temporaryFolder()
    run('bsdtar', ['-xpf', image, '-C', folder])
    const { status, stdout } = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(20)
  })

  it('give the same bytes when an unwritten image is read at random', async () => {
    const source = makeSource()
    const image = await make({ md5: true, sha256sums: true }, source)
    const options = { ...PRESETS.data, label: 'SUMS', date: 1e12, md5: true, sha256sums: true }
    const { layout } = await planImage(collect([{ path: source, at: '' }]).root, options)
    const file = FileByteSource.open(image)
    try {
      const pieces = [layout.byteLength - 600_000, 40_000, 0]
      for (const at of pieces) expect(Buffer.compare(await layout.read(at, 500_000), file.read(at, 500_000))).toBe(0)
    } finally {
      file.close()
      await layout.close()
    }
  })

  it('exclude one another where one would change what the other is of', async () => {
    await expect(make({ md5: true, implantMd5: true })).rejects.toThrow('Choose one of the two')
    await expect(make({ md5: true, rockRidge: false })).rejects.toThrow('Rock Ridge')
  })
})
