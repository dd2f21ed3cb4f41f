import { call } from '../data/api'
import { reportErrors } from '../data/errors'
import { t } from '../base/locales'
import { usePanes, type Tab } from '../data/stores/panes'
import { useToasts } from '../data/stores/toasts'
import { imageMeant, openMeant } from './image-file'

/** Mounts the image that is meant as a drive of this computer, and says where. */
export async function mountMeant(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    const { opened, view } = await openMeant(tab)
    const { image, generation, info } = opened
    const { mountPoint } = await call('mounts.start', { image, generation, view })
    useToasts().show({
      tone: 'plain',
      title: t('mounting.mounted', { name: info.name }),
      detail: mountPoint,
      action: {
        label: t('mounting.show'),
        run: () => void usePanes().go(usePanes().otherTab, { kind: 'folder', path: mountPoint }),
      },
    })
  })
}

/** Ejects the image that is meant; where none is, everything that was mounted from windows. */
export async function ejectMeant(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    const location = imageMeant(tab)
    const { mounts } = await call('mounts.list', {})
    const ended = location === null ? mounts : mounts.filter(({ path }) => path === location.path)
    for (const { mountPoint } of ended) await call('mounts.end', { mountPoint })
    const title = t('mounting.ejected', { n: ended.length }, ended.length)
    useToasts().show({ tone: 'plain', title })
  })
}
