import { join } from 'node:path'
import type { ComparisonRow, DuplicateRow, LibraryImage, SearchHit } from '../../../src-shared/contract'

const DAY = 86_400_000

/** As many as the stand-in has to show. */
const COMPARED_ROWS = 5

/** What a comparison comes to. */
export function comparisonFound() {
  const counts = { added: 1, removed: 1, changed: 2, same: 1_198, unproven: 3 }
  return { comparison: 3, total: COMPARED_ROWS, counts, problems: 0 }
}

/** What looking for duplicates comes to. */
export function duplicatesFound(isAny: boolean) {
  const nothing = {
    duplicates: 2,
    total: 0,
    groupCount: 0,
    provenBytes: 0,
    possibleBytes: 0,
    offlineCount: 0,
    problems: 0,
  }
  const some = { total: 8, groupCount: 3, provenBytes: 6_424_800, possibleBytes: 48_357, offlineCount: 1 }
  return isAny ? { ...nothing, ...some } : nothing
}

/** What the stand-in knows across images: as much as fills the pages that show it. */
export function fakeLibrary(
  home: () => string,
  now: () => number,
  arrange: (images: LibraryImage[]) => LibraryImage[] | Promise<LibraryImage[]>,
) {
  const listed = async (images: LibraryImage[]) => {
    const rows = await arrange(images)
    return { total: rows.length, rows }
  }
  const image = (id: number, name: string, more: Partial<LibraryImage>): LibraryImage => ({
    id,
    name,
    path: `/home/ada/Discs/${name}`,
    inside: [],
    label: '',
    identity: '',
    byteLength: 658_505_728,
    formats: ['ISO 9660', 'Joliet'],
    status: 'complete',
    entryCount: 1204,
    lastSeen: now() - id * DAY,
    lastOpened: now() - id * DAY,
    group: '',
    tags: [],
    notes: '',
    isOnline: true,
    ...more,
  })
  const images = (): LibraryImage[] => [
    image(1, 'debian-12.1.0-amd64-netinst.iso', {
      label: 'Debian 12.1.0 amd64 n',
      identity: 'Debian 12.1.0 “Bookworm”, network installation',
      status: 'truncated',
    }),
    image(2, 'Encarta 97.cue', {
      label: 'ENCARTA97',
      byteLength: 702_000_000,
      group: 'Attic',
      tags: ['school', '1996'],
      notes: 'The box is in the cellar.',
    }),
    image(3, 'openSUSE-Leap-15.6-DVD-x86_64.iso', { label: 'openSUSE-Leap-15.6', byteLength: 4_480_000_000 }),
    image(4, 'Photos 2009.iso', { path: '/media/ada/Stick/Photos 2009.iso', label: 'PHOTOS', isOnline: false }),
  ]
  const hit = (of: LibraryImage, entry: number, path: string, byteLength: number): SearchHit => ({
    imageId: of.id,
    imageName: of.name,
    imagePath: of.path,
    inside: [],
    isOnline: of.isOnline,
    generation: 1,
    view: 'rock-ridge',
    entry,
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    kind: 'file',
    byteLength,
    modified: now() - entry * 9 * DAY,
    status: 'complete',
  })
  const hits = (): SearchHit[] => {
    const [debian, encarta, suse, photos] = images()
    if (!debian || !encarta || !suse || !photos) return []
    return [
      hit(debian, 3, 'README.html', 4_198),
      hit(debian, 4, 'README.txt', 157),
      hit(debian, 5, 'doc/install/manual/en/README.html', 12_004),
      hit(encarta, 6, 'README.WRI', 31_232),
      hit(suse, 7, 'boot/x86_64/README', 2_310),
      hit(photos, 8, 'Albums/2009/Summer/readme.txt', 812),
    ]
  }
  const duplicates = (): DuplicateRow[] => {
    const [html, text, manual, wri, boot, photo] = hits()
    const group = (isProven: boolean, count: number, byteLength: number): DuplicateRow => ({
      row: 'group',
      byteLength,
      isProven,
      count,
      sharedBytes: byteLength * (count - 1),
    })
    const entries = (...of: (SearchHit | undefined)[]): DuplicateRow[] =>
      of.flatMap((one) => (one ? [{ row: 'entry' as const, ...one }] : []))
    return [
      group(true, 3, 3_212_400),
      ...entries(html, manual, photo),
      group(false, 2, 48_200),
      ...entries(wri, boot),
      group(false, 2, 157),
      ...entries(text, boot),
    ]
  }
  const side = (byteLength: number, days: number, kind: 'file' | 'directory' = 'file') => ({
    entry: 1,
    kind,
    byteLength,
    modified: now() - days * DAY,
  })
  const compared = (): ComparisonRow[] => [
    row(0, 'boot', 'within', side(0, 20, 'directory'), side(0, 4, 'directory')),
    row(1, 'boot/grub.cfg', 'changed', side(812, 20), side(844, 4), ['size', 'modified']),
    row(1, 'boot/vmlinuz', 'changed', side(8_120_400, 20), side(8_120_400, 20), ['content']),
    row(0, 'firmware', 'removed', side(0, 20, 'directory'), null),
    row(0, 'README.md', 'added', null, side(2_204, 4)),
  ]
  return {
    'library.list': async ({ state }: { state: 'all' | 'online' | 'offline' }) => ({
      ...(await listed(images().filter(({ isOnline }) => state === 'all' || isOnline === (state === 'online')))),
      groups: [{ name: 'Attic', count: 1 }],
      tags: [
        { name: '1996', count: 1 },
        { name: 'school', count: 1 },
      ],
    }),
    'library.folders': () => ({
      folders: [
        { path: join(home(), 'Old discs'), isOnline: true, fileCount: 12, pendingCount: 0, current: null, refused: [] },
      ],
    }),
    'search.open': () => ({ search: 1 }),
    'search.rows': () => ({ total: hits().length, isDone: true, isCut: false, rows: hits() }),
    'duplicates.rows': () => ({ rows: duplicates() }),
    'compare.rows': () => ({ rows: compared() }),
    'result.close': () => ({}),
  }
}

function row(
  depth: number,
  path: string,
  state: ComparisonRow['state'],
  left: ComparisonRow['left'],
  right: ComparisonRow['right'],
  facts: ComparisonRow['facts'] = [],
): ComparisonRow {
  return { depth, name: path.slice(path.lastIndexOf('/') + 1), path, state, facts, left, right }
}
