import { isCpio } from '../../core/cpio-header'
import { NotAnImageError } from '../../core/disc-image'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { FileSystem } from '../file-system'
import { readArchives, type CpioTree } from './archive'
import { ArchiveTree } from './cpio-tree'

/** cpio archives of every form, one behind the other: what Linux starts from (initrd, initramfs). */
export const cpio: FileSystem = {
  id: 'cpio',
  marks: ['070701', '070702', '070707'],
  // An archive is a file of its own, never a partition.
  probe: ({ head, isWhole }) => sureIf(isWhole && isCpio(head)),
  open: async ({ structures, source }) => {
    const tree = await readArchives(structures)
    if (tree.nodeCount === 1 && tree.problems.length > 0)
      throw new NotAnImageError(
        'NOTHING_READABLE',
        'This cpio archive has no header that can be read. Nothing in it can be found.',
      )
    const view = foundView({
      kind: 'cpio',
      label: 'cpio archive',
      format: formOf(tree),
      entryLimit: tree.nodeCount + 1,
      openTree: (log) => new ArchiveTree(source, tree, log),
    })
    return { views: [view], byteEnd: tree.byteEnd }
  },
}

function formOf({ forms }: CpioTree): string {
  const [form] = forms
  return forms.size > 1 ? 'cpio (several forms)' : `cpio (${form ?? 'newc'})`
}
