import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { burnImage } from '../../../src-main/burn'
import { assertSystem } from '../../../src-main/burn/burn-image'
import { findDrives, driveAt } from '../../../src-main/devices'
import { findProgram } from '../../../src-main/devices/list/system-programs'
import { MemoryByteSource, type ByteSource } from '../../../src-main/image'
import { CancelledError, type Control } from '../../../src-main/task'
import { isolde } from '../cli/command-line'
import { SAMPLE, temporaryFolder } from '../support'

const control: Control = { checkpoint: () => undefined, progress: () => undefined }
const MIB = 2 ** 20
const data = Uint8Array.from({ length: 3 * MIB + 5000 }, (_, i) => (i * 7) % 251)

/** An empty file that stands for a burner with a disc. */
function emptyDisc(content: Uint8Array = new Uint8Array(0)): { disc: string; list: string } {
  const folder = temporaryFolder()
  const [disc, list] = [path.join(folder, 'disc'), path.join(folder, 'drives')]
  fs.writeFileSync(disc, content)
  fs.writeFileSync(list, `${disc}\n`)
  return { disc, list }
}

interface Burning {
  disc: string
  list: string
  source?: ByteSource
  isBlanked?: boolean
  find?: (name: string) => string | null
  control?: Control
}

async function burn({
  disc,
  list,
  source = new MemoryByteSource(data),
  isBlanked = false,
  find,
  ...rest
}: Burning): ReturnType<typeof burnImage> {
  const found = await findDrives({ environment: { ISOLDE_DRIVES: list } })
  const request = { offered: driveAt(disc, found), found, source, speed: null, isBlanked }
  return burnImage({ ...request, ...(find ? { find } : {}) }, rest.control ?? control)
}

/** A burner that notes its arguments and does something. @param act a line of the shell */
function standIn(act: string): { find: (name: string) => string | null; calls: () => string[] } {
  const folder = temporaryFolder()
  const [program, calls] = [path.join(folder, 'wodim'), path.join(folder, 'calls')]
  fs.writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${calls}'\n${act}\n`, { mode: 0o755 })
  return {
    find: (name) => (name === 'wodim' ? program : null),
    calls: () => fs.readFileSync(calls, 'utf8').trimEnd().split('\n'),
  }
}

/** cdrskin takes files for drives of whoever is not root, or where root has said so. */
const mayCdrskin =
  findProgram('cdrskin') !== null &&
  (process.getuid?.() !== 0 || fs.existsSync('/root/cdrskin_permissions/allow_emulated_drives'))
const burners = [
  ['xorriso', findProgram('xorriso') !== null],
  ['cdrskin', mayCdrskin],
] as const

describe.skipIf(process.platform !== 'linux')('burning', () => {
  for (const [burner, isThere] of burners) {
    describe.skipIf(!isThere)(`by ${burner}${isThere ? '' : ' (skipped: it is not there, or may not)'}`, () => {
      const find = (name: string): string | null => (name === burner ? findProgram(name) : null)
      it('writes the image and reads it back', async () => {
        const place = emptyDisc()
        const burned = await burn({ ...place, find })
        expect(burned).toMatchObject({ burner, byteLength: data.byteLength, bytesChecked: data.byteLength })
        expect(fs.readFileSync(place.disc).subarray(0, data.byteLength).equals(data)).toBe(true)
      })

      it.runIf(burner === 'xorriso')('does not lose what is there unless it is told to', async () => {
        const place = emptyDisc(fs.readFileSync(SAMPLE))
        await expect(burn({ ...place, find })).rejects.toMatchObject({ code: 'NOT_BLANK' })
        expect(fs.readFileSync(place.disc).equals(fs.readFileSync(SAMPLE))).toBe(true)
        await burn({ ...place, find, isBlanked: true })
        expect(fs.readFileSync(place.disc).subarray(0, data.byteLength).equals(data)).toBe(true)
      })
    })
  }

  it('says which program to install', async () => {
    await expect(burn({ ...emptyDisc(), find: () => null })).rejects.toMatchObject({
      code: 'PROGRAM_MISSING',
      message: expect.stringContaining('install the package xorriso') as string,
    })
  })

  it('finds a disc that gives back something else', async () => {
    const place = emptyDisc()
    const { find, calls } = standIn(
      `cat > '${place.disc}'; printf X | dd of='${place.disc}' bs=1 seek=2000000 conv=notrunc status=none`,
    )
    await expect(burn({ ...place, find })).rejects.toMatchObject({ code: 'CHECK_FAILED', byteOffset: 2_000_000 })
    expect(calls()).toEqual([`-v dev=${place.disc} -sao tsize=1539s padsize=0 -data -`])
  })

  it('finds a disc that has less', async () => {
    const place = emptyDisc()
    const { find } = standIn(`head -c 1048580 > '${place.disc}'; cat > /dev/null`)
    await expect(burn({ ...place, find })).rejects.toMatchObject({ code: 'CHECK_FAILED', byteOffset: 1_048_580 })
  })

  it('says what the burner says, also one that takes nothing', async () => {
    const { find } = standIn("echo 'wodim: No write mode specified.' >&2; echo 'Error: cannot open' >&2; exit 3")
    await expect(burn({ ...emptyDisc(), find })).rejects.toMatchObject({
      code: 'BURN_FAILED',
      message: expect.stringContaining('cannot open') as string,
    })
  })

  it.each<[string, string, string, string]>([
    ['nothing', 'xorriso', 'exit 1', 'xorriso cannot use DISC: it failed, and said nothing.'],
    [
      'what it misses',
      'cdrskin',
      "printf 'cdrskin: SORRY : Reason: No directory /root/cdrskin_permissions exists.\\ncdrskin: HINT : use another user\\n' >&2; exit 2",
      'cdrskin cannot use DISC: Reason: No directory /root/cdrskin_permissions exists.',
    ],
    [
      'that it ends',
      'xorriso',
      "printf \"xorriso : FAILURE : Cannot acquire drive\\nxorriso : aborting : -abort_on 'FAILURE' encountered 'FAILURE'\\n\" >&2; exit 5",
      'xorriso cannot use DISC: Cannot acquire drive.',
    ],
    [
      'that there is none',
      'cdrskin',
      "echo 'cdrskin: SORRY : No media found in drive' >&2; exit 2",
      'There is no disc in DISC. Put an empty one in.',
    ],
  ])('takes no program that fails for an empty drive: one that says %s', async (_, burner, act, sentence) => {
    const program = path.join(temporaryFolder(), burner)
    fs.writeFileSync(program, `#!/bin/sh\n${act}\n`, { mode: 0o755 })
    const place = emptyDisc()
    const find = (name: string): string | null => (name === burner ? program : null)
    await expect(burn({ ...place, find })).rejects.toThrow(sentence.replace('DISC', place.disc))
  })

  it('burns nothing that was packed in what is damaged', () => {
    const { disc, list } = emptyDisc()
    const packed = zlib.gzipSync(fs.readFileSync(SAMPLE))
    packed[packed.byteLength - 6] = (packed[packed.byteLength - 6] ?? 0) ^ 1
    const image = path.join(temporaryFolder(), 'sample.iso.gz')
    fs.writeFileSync(image, packed)
    const { status, stderr } = isolde(['burn', image, '--to', disc], { env: { ISOLDE_DRIVES: list } })
    expect(status).toBe(1)
    expect(stderr).toMatch(/is not burned\. .*checksum/)
    expect(fs.statSync(disc).size).toBe(0)
  })

  it('stops where it is told to, or the image ends', async () => {
    const { find } = standIn('cat > /dev/null')
    let asked = 0
    const stopping: Control = {
      progress: () => undefined,
      checkpoint: () => {
        if (++asked > 2) throw new CancelledError()
      },
    }
    await expect(burn({ ...emptyDisc(), find, control: stopping })).rejects.toMatchObject({ code: 'CANCELLED' })
    const short: ByteSource = Object.assign(new MemoryByteSource(data), { byteLength: data.byteLength + MIB })
    await expect(burn({ ...emptyDisc(), find, source: short })).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
  })

  it('is refused elsewhere by a sentence', () => {
    expect(() => {
      assertSystem('win32')
    }).toThrow(/Linux only/)
  })
})

describe.skipIf(findProgram('xorriso') === null)('isolde burn', () => {
  it('burns, compares, and sums it up', () => {
    const { disc, list } = emptyDisc()
    const env = { ISOLDE_DRIVES: list }
    const ran = isolde(['burn', SAMPLE, '--to', disc, '--json'], { env })
    expect(ran.stderr).toBe('')
    expect(ran.status).toBe(0)
    expect(ran.rows.at(-1)).toMatchObject({ summary: true, drive: disc, path: SAMPLE, how: 'xorriso', problems: 0 })
    expect(isolde(['burn', SAMPLE, '--to', disc], { env })).toMatchObject({ status: 4 })
    expect(isolde(['burn', SAMPLE], { env })).toMatchObject({ status: 2 })
    expect(isolde(['burn', SAMPLE, '--to', disc, '--speed', 'fast'], { env })).toMatchObject({ status: 2 })
    expect(isolde(['burn', SAMPLE, '--to', '/dev/nowhere'], { env })).toMatchObject({ status: 4 })
    expect(isolde(['burn', disc, '--to', disc, '--blank'], { env })).toMatchObject({ status: 4 })
  })
})
